package io.podkit.resource;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * The steps that undo a set-up which did not reach its end.
 *
 * <pre>{@code
 * try (UndoStack undo = new UndoStack("start web")) {
 *   Mounted root = mount(spec);   undo.push("unmount " + root, root::close);
 *   Cgroup group = create(spec);  undo.push("remove cgroup " + group, group::close);
 *   undo.commit();                // from here the pod owns them
 * }
 * }</pre>
 *
 * <p>Without {@link #commit()} closing runs every step, the last pushed first, each even if another
 * one threw. Not thread-safe: one thread sets up, the same thread undoes.
 */
public final class UndoStack implements AutoCloseable {

  /** One step that takes something back. */
  @FunctionalInterface
  public interface Action {
    /** Takes it back; may throw anything checked. */
    void run() throws Exception;
  }

  private record Step(String label, Action action) {}

  private final String operation;
  private final Deque<Step> steps = new ArrayDeque<>();

  /**
   * A stack with nothing to undo yet.
   *
   * @param operation what is being set up, for messages: "start pod web"
   */
  public UndoStack(String operation) {
    this.operation = Objects.requireNonNull(operation, "operation");
  }

  /**
   * Remembers how to take back what was just done.
   *
   * @param label what the action does, for messages: "unmount /run/pod/x/root"
   */
  public void push(String label, Action action) {
    steps.push(new Step(label, action));
  }

  /** Forgets all steps: the set-up is complete and has found an owner. */
  public void commit() {
    steps.clear();
  }

  /**
   * Undoes what was not committed. Closing again does nothing.
   *
   * <p>A pending interrupt does not cut the undoing short: it is set aside and restored at the end,
   * because a cancelled operation must still give back what it took.
   *
   * @throws PodkitException if a step failed; the cause is the first failure, the others are
   *     suppressed on it. Inside try-with-resources it is itself suppressed on the body's failure.
   */
  @Override
  public void close() throws PodkitException {
    boolean interrupted = Thread.interrupted();
    PodkitException first = null;
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.action.run();
      } catch (Exception e) {
        interrupted |= e instanceof InterruptedException;
        PodkitException failure = failure(step, e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (first != null) {
      throw first;
    }
  }

  private PodkitException failure(Step step, Exception e) {
    String what = "undoing \"" + operation + "\": cannot " + step.label + ": " + e.getMessage();
    ErrorKind kind = e instanceof PodkitException p ? p.kind() : ErrorKind.INTERNAL;
    return new PodkitException(kind, what, null, e);
  }
}
