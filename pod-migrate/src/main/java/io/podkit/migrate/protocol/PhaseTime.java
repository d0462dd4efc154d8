package io.podkit.migrate.protocol;

import java.time.Duration;

/**
 * How long one named step took on the host that reports it.
 *
 * @param name the step
 * @param time its duration; never negative
 */
public record PhaseTime(String name, Duration time) {

  /** Makes the name harmless to a terminal and refuses a negative time. */
  public PhaseTime {
    name = PeerText.clean(name);
    if (time.isNegative()) {
      throw new IllegalArgumentException(name + " took " + time);
    }
  }
}
