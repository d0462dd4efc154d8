package io.podkit.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * One line for one event, and the stack trace behind it if there is one. Logback's own layout reads
 * a pattern and knows forty words for that, which a short command would load at every start.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS").withZone(ZoneId.systemDefault());
  private static final int WIDTH_OF_LEVEL = 5;

  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder(TIME.format(event.getInstant()));
    line.append(' ').append(event.getLevel());
    line.append(" ".repeat(WIDTH_OF_LEVEL - event.getLevel().toString().length() + 1));
    line.append(logger.substring(logger.lastIndexOf('.') + 1));
    line.append(": ").append(event.getFormattedMessage()).append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }
}
