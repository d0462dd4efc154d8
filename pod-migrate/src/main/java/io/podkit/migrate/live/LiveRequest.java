package io.podkit.migrate.live;

import io.podkit.error.PodkitException;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.LiveStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One request, as it stands on its line.
 *
 * @param order what to do
 * @param value milliseconds for SET_DOWNTIME, bytes a second for SET_BANDWIDTH or null for no cap;
 *     null for the others
 */
record LiveRequest(Order order, @Nullable Long value) {
  LiveRequest {
    Objects.requireNonNull(order, "order");
  }

  /** What can be asked. */
  enum Order {
    SET_DOWNTIME,
    SET_BANDWIDTH,
    SWITCH_TO_POST_COPY,
    CANCEL,
    STATUS
  }

  /** Does it; the status is the answer to STATUS, and to no other. */
  @Nullable LiveStatus carryOut(LiveControl control) throws PodkitException {
    switch (order) {
      case SET_DOWNTIME -> {
        if (value == null) {
          throw PodkitException.usage("set-downtime needs a number of milliseconds");
        }
        control.setDowntime(Duration.ofMillis(value));
      }
      case SET_BANDWIDTH ->
          control.setBandwidth(value == null ? OptionalLong.empty() : OptionalLong.of(value));
      case SWITCH_TO_POST_COPY -> control.switchToPostCopy();
      case CANCEL -> control.cancel();
      case STATUS -> {
        return control.status();
      }
    }
    return null;
  }
}
