package io.podkit.migrate.protocol;

/**
 * One thing that stands in the way of a migration.
 *
 * @param code short name that scripts may rely on, such as {@code memory} or {@code name-in-use}
 * @param subject what it is about: a pod, an address, a CPU feature
 * @param cause what is wrong, in one sentence
 * @param cure what the user can do, in one sentence; may be empty
 */
public record Problem(String code, String subject, String cause, String cure) {
  /** The target accepts no pods; the one problem that a source may pass over. */
  public static final String CORDONED = "cordoned";

  /** Makes all four harmless to a terminal. */
  public Problem {
    code = PeerText.clean(code);
    subject = PeerText.clean(subject);
    cause = PeerText.clean(cause);
    cure = PeerText.clean(cure);
  }
}
