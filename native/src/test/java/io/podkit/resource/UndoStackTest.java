package io.podkit.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoStackTest {
  private final List<String> done = new ArrayList<>();

  @Test
  void close_undoesLastFirst() throws PodkitException {
    try (UndoStack undo = new UndoStack("start web")) {
      undo.push("unmount", () -> done.add("unmount"));
      undo.push("kill", () -> done.add("kill"));
    }
    assertThat(done).containsExactly("kill", "unmount");
  }

  @Test
  void close_afterCommitUndoesNothing() throws PodkitException {
    try (UndoStack undo = new UndoStack("start web")) {
      undo.push("unmount", () -> done.add("unmount"));
      undo.commit();
    }
    assertThat(done).isEmpty();
  }

  @Test
  void close_runsEveryStepAndSuppressesLaterFailures() {
    UndoStack undo = new UndoStack("start web");
    undo.push("unmount /x", () -> fail("busy"));
    undo.push("remove cgroup", () -> done.add("cgroup"));
    undo.push("kill pid 7", () -> fail("gone"));

    assertThatThrownBy(undo::close)
        .isInstanceOf(PodkitException.class)
        .hasMessage("undoing \"start web\": cannot kill pid 7: gone")
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessageContaining("unmount /x: busy"));
    assertThat(done).containsExactly("cgroup");
  }

  @Test
  void close_isSuppressedOnTheBodysFailure() {
    assertThatThrownBy(
            () -> {
              try (UndoStack undo = new UndoStack("start web")) {
                undo.push("unmount /x", () -> fail("busy"));
                throw PodkitException.of(ErrorKind.CRIU, "dump failed");
              }
            })
        .hasMessage("dump failed")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @Test
  void close_setsAPendingInterruptAsideAndRestoresIt() throws PodkitException {
    Thread.currentThread().interrupt();
    try (UndoStack undo = new UndoStack("start web")) {
      undo.push("look", () -> done.add("interrupted=" + Thread.currentThread().isInterrupted()));
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(done).containsExactly("interrupted=false");
  }

  @Test
  void close_twiceRunsStepsOnce() throws PodkitException {
    UndoStack undo = new UndoStack("start web");
    undo.push("unmount", () -> done.add("unmount"));
    undo.close();
    undo.close();
    assertThat(done).containsExactly("unmount");
  }

  private static void fail(String why) throws IOException {
    throw new IOException(why);
  }
}
