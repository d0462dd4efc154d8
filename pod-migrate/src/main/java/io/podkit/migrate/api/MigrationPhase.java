package io.podkit.migrate.api;

/**
 * The phases of a migration, in their order. The pod runs on the source until {@link #FREEZE},
 * stands still from there, and runs on the target after {@link #COMMIT}. A migration has {@link
 * #PRE_COPY} and {@link #FILL} only if its strategy needs them.
 *
 * <pre>
 *   PREFLIGHT > SYNC_LAYERS > SYNC_FILES > PRE_COPY > FREEZE > TRANSFER > RESTORE > COMMIT > FILL > RELEASE
 *   `--------------- the source runs --------------'  `- nobody runs, the source owns -'  `- the target runs
 * </pre>
 */
public enum MigrationPhase {
  /** Both sides are asked whether the move can succeed; nothing is changed. */
  PREFLIGHT("preflight", true),
  /** Layers the target lacks are sent. */
  SYNC_LAYERS("layers", true),
  /** The pod's own files are sent while it writes to them. */
  SYNC_FILES("files", true),
  /** Memory is sent in rounds while the pod writes to it. */
  PRE_COPY("pre-copy", true),
  /** The pod's processes are stopped and its network is cut off. */
  FREEZE("freeze", false),
  /** Memory, the rest of the processes' state and what the pod wrote since SYNC_FILES are sent. */
  TRANSFER("transfer", false),
  /** The target builds the pod and holds it before its first instruction. */
  RESTORE("restore", false),
  /** The target is given the pod, records that it owns it, and lets it run. */
  COMMIT("commit", false),
  /** Memory that the target holds, or fetches, is mapped into the pod while it runs there. */
  FILL("fill", true),
  /** The source removes what is left of the pod. */
  RELEASE("release", true);

  private final String label;
  private final boolean podRuns;

  MigrationPhase(String label, boolean podRuns) {
    this.label = label;
    this.podRuns = podRuns;
  }

  /** The name people and reports see. */
  public String label() {
    return label;
  }

  /** Whether the pod runs, on one host or the other, during this phase. */
  public boolean podRuns() {
    return podRuns;
  }
}
