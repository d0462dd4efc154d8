package io.podkit.migrate.memory.policy;

/** How to go on after a round. */
public sealed interface Decision {
  /** Why, in a sentence with numbers. */
  String reason();

  /** What, in a word, as reports and events say it. */
  String name();

  /** Whether rounds go on. */
  default boolean goesOn() {
    return this instanceof NextRound || this instanceof Throttle;
  }

  /** Send what is dirty now, while the pod runs. */
  record NextRound(String reason) implements Decision {
    @Override
    public String name() {
      return "next-round";
    }
  }

  /**
   * The same, with the pod slowed down from now on.
   *
   * @param percent of the processor time it used before, below all earlier ones
   */
  record Throttle(int percent, String reason) implements Decision {
    @Override
    public String name() {
      return "throttle";
    }
  }

  /** Stop the pod and send what is left. */
  record FreezeNow(String reason) implements Decision {
    @Override
    public String name() {
      return "freeze";
    }
  }

  /** Stop the pod, let it run on the target, and send what is left behind it. */
  record SwitchToPostCopy(String reason) implements Decision {
    @Override
    public String name() {
      return "post-copy";
    }
  }

  /** There is no time for anything that could succeed: the pod runs on here. */
  record GiveUp(String reason) implements Decision {
    @Override
    public String name() {
      return "give-up";
    }
  }
}
