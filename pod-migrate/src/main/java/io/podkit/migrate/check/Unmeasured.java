package io.podkit.migrate.check;

import io.podkit.error.Hint;
import io.podkit.error.PodkitException;

/** Stands in for meters that this version does not have. */
public final class Unmeasured {
  private Unmeasured() {}

  /** A check that says that it cannot be made: numbers nobody measured would be worse than none. */
  public static PodCheck check() {
    return new PodCheck(
        (pod, time) -> {
          throw refusal("how fast pod " + pod + " dirties memory");
        },
        (host, port) -> {
          throw refusal("the link to " + host);
        },
        pod -> {
          throw refusal("what is in the way of pod " + pod);
        });
  }

  private static PodkitException refusal(String what) {
    return PodkitException.unsupported(
        "this version cannot measure " + what,
        new Hint("pod migrate --dry-run says whether both hosts would take the move"));
  }
}
