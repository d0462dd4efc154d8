package io.podkit.migrate.transport;

import io.podkit.error.Hint;

/** What the user can do about connections; all texts of this package in one place. */
final class TransportHints {

  static final Hint NO_ROUTE =
      new Hint("check the address, the network and firewalls between both");

  static final Hint NAME = new Hint("use the host's name or address, or add it to /etc/hosts");

  static final Hint NOT_TLS =
      new Hint("check the port: something else than 'pod agent' seems to listen there");

  static final Hint CLOSED =
      new Hint(
          "if 'pod agent' listens there, its log says why (too many connections, perhaps); else check"
              + " the port");

  static final Hint OUR_CERTIFICATE =
      new Hint(
          "both hosts need certificates from the same authority ('pod pki issue', 'pod pki"
              + " install'), and the right time; its agent's log says which it misses");

  static final Hint IN_USE = new Hint("another agent may be running; else choose another --listen");

  private TransportHints() {}

  static Hint startAgent(String host) {
    return new Hint("start 'pod agent' on " + host);
  }

  static Hint authority(String host, String authority) {
    return new Hint(
        "this host trusts only '"
            + authority
            + "'; issue "
            + host
            + "'s certificate there with 'pod pki issue "
            + host
            + "' and install it on "
            + host
            + " with 'pod pki install --force'");
  }

  static Hint wrongName(String expected, String actual) {
    return new Hint(
        "call it '"
            + actual
            + "', or issue its certificate anew with 'pod pki issue "
            + actual
            + " --address "
            + expected
            + "'");
  }
}
