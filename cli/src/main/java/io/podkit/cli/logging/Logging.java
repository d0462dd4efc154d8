package io.podkit.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.podkit.cli.option.LogLevel;
import org.slf4j.LoggerFactory;

/** How much is logged. Loads the logging library, so call it only when somebody asks for more. */
public final class Logging {
  private Logging() {}

  public static void setLevel(LogLevel level) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(
        switch (level) {
          case ERROR -> Level.ERROR;
          case WARN -> Level.WARN;
          case INFO -> Level.INFO;
          case DEBUG -> Level.DEBUG;
          case TRACE -> Level.TRACE;
        });
  }
}
