package io.podkit.migrate.transport;

import java.time.Duration;

/**
 * How long this side waits for what.
 *
 * @param connect for a TCP connection
 * @param handshake for everything from the accepted TCP connection to the first message: TLS,
 *     version, greeting
 * @param silence after which a peer that says nothing on a control connection, not even {@code
 *     Ping}, counts as dead
 * @param keepalive after which a side with nothing to say sends a {@code Ping}; well below {@code
 *     silence}
 * @param stall after which a data connection that takes no byte counts as broken; longer than
 *     {@code silence}, because a slow disk on the other side is no reason to give up
 * @param linger for the orderly end of a connection
 */
public record Timeouts(
    Duration connect,
    Duration handshake,
    Duration silence,
    Duration keepalive,
    Duration stall,
    Duration linger) {

  /** What is used unless a test needs less. */
  public static final Timeouts STANDARD =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1));

  /** Refuses a keepalive that would come too late. */
  public Timeouts {
    if (keepalive.multipliedBy(2).compareTo(silence) > 0) {
      throw new IllegalArgumentException(
          "a ping every " + keepalive + " cannot show life within " + silence);
    }
  }

  /** A duration as people write it. */
  static String inWords(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
