package io.podkit.migrate.pki;

import io.podkit.error.Hint;
import java.nio.file.Path;

/** What the user can do about keys and certificates; all texts of this package in one place. */
public final class PkiHints {

  static final Hint MAKE_AUTHORITY =
      new Hint("make one with 'pod pki init', on one host only, and issue from there");

  static final Hint FORCE_AUTHORITY =
      new Hint(
          "keep it and go on with 'pod pki issue HOST'; --force replaces it, and then every host"
              + " needs a new certificate");

  static final Hint NEW_AUTHORITY =
      new Hint(
          "make a new one with 'pod pki init --force'; every host then needs a new certificate");

  static final Hint FORCE_BUNDLE =
      new Hint("choose another directory with -o, or replace what is there with --force");

  static final Hint FORCE_INSTALL =
      new Hint("if this host shall use the new certificate, repeat with --force");

  static final Hint INSTALL =
      new Hint(
          "on the host with the certificate authority run 'pod pki issue HOST', bring the directory"
              + " here and run 'pod pki install DIR'");

  static final Hint HOST_NAME =
      new Hint(
          "use 1 to 64 letters, digits, '.' and '-', with at least one letter, starting and ending"
              + " with a letter or digit");

  static final Hint PEM = new Hint("the files must be those that 'pod pki issue' wrote");

  static final Hint NATIVE_LIBRARY =
      new Hint(
          "it needs Linux with glibc on x86_64 or aarch64, and a temporary directory that is not mounted"
              + " noexec (set JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR for another)");

  private PkiHints() {}

  /** For a key that others can read. */
  static Hint closeKey(Path key) {
    return new Hint("run 'chmod 600 " + key + "'; if others could read it, issue a new one");
  }

  /** For a certificate that has expired, or is about to be used before its time. */
  public static Hint renew(String host) {
    return new Hint(
        "on the host with the certificate authority run 'pod pki issue "
            + host
            + "', bring the directory to "
            + host
            + ", run 'pod pki install --force DIR' there and restart its agent; or set the clock right");
  }
}
