package io.podkit.migrate.transport;

/**
 * What went over a connection so far, TLS included.
 *
 * @param bytesSent to the peer
 * @param bytesReceived from the peer
 */
public record Traffic(long bytesSent, long bytesReceived) {

  /** Nothing yet. */
  public static final Traffic NONE = new Traffic(0, 0);

  /** Both together. */
  public Traffic plus(Traffic other) {
    return new Traffic(bytesSent + other.bytesSent, bytesReceived + other.bytesReceived);
  }
}
