package io.podkit.migrate.transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of this package. */
final class TransportLog {

  static final Logger LOG = LoggerFactory.getLogger("io.podkit.migrate.transport");

  private TransportLog() {}

  /** A failure that changes nothing for anybody. */
  static void debug(String during, Exception e) {
    LOG.debug("{}: {}", during, e.toString());
  }
}
