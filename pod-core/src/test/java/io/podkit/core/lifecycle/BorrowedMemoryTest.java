package io.podkit.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.core.api.RemoteMemory;
import io.podkit.core.store.Json;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who fetches a pod's memory, and what others see of it. */
@Timeout(value = 50, unit = TimeUnit.SECONDS)
class BorrowedMemoryTest {
  private static final PodName POD = new PodName("web");
  private static final ObjectMapper JSON = Json.mapper();

  @TempDir Path directory;

  private void assertConflict(PodkitException e, String why) {
    assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
    assertThat(e.what()).contains(why);
  }

  @Test
  void podThatBorrowedNothing_hasNothingElsewhere() throws Exception {
    assertThat(BorrowedMemory.isNoted(directory)).isFalse();
    assertThat(BorrowedMemory.look(directory, JSON)).isNull();
    assertThatThrownBy(() -> BorrowedMemory.claim(POD, directory))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertConflict(e, "has all of its memory"));
    BorrowedMemory.forget(directory);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void note_isConnectedWhileItsHolderLives_andStaysBehindHim() throws Exception {
    try (BorrowedMemory borrowed = BorrowedMemory.note(POD, directory, "hosta")) {
      assertThat(BorrowedMemory.look(directory, JSON)).isEqualTo(new RemoteMemory("hosta", true));
    }
    assertThat(BorrowedMemory.isNoted(directory)).isTrue();
    assertThat(BorrowedMemory.look(directory, JSON)).isEqualTo(new RemoteMemory("hosta", false));
    try (BorrowedMemory borrowed = BorrowedMemory.claim(POD, directory)) {
      assertThat(BorrowedMemory.look(directory, JSON)).isEqualTo(new RemoteMemory("hosta", true));
    }
  }

  @Test
  void look_takesNothingAway() throws Exception {
    BorrowedMemory.note(POD, directory, "hosta").close();
    for (int i = 0; i < 100; i++) {
      assertThat(BorrowedMemory.look(directory, JSON)).isEqualTo(new RemoteMemory("hosta", false));
    }
    BorrowedMemory.claim(POD, directory).close();
  }

  @Test
  void claim_ofWhatSomebodyFetches_isAConflict() throws Exception {
    try (BorrowedMemory borrowed = BorrowedMemory.note(POD, directory, "hosta")) {
      assertThatThrownBy(() -> BorrowedMemory.claim(POD, directory))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertConflict(e, "is being fetched already"));
      assertThat(BorrowedMemory.look(directory, JSON)).isEqualTo(new RemoteMemory("hosta", true));
    }
  }

  @Test
  void settled_isForgotten_alsoTwice() throws Exception {
    try (BorrowedMemory borrowed = BorrowedMemory.note(POD, directory, "hosta")) {
      borrowed.settle();
      assertThat(BorrowedMemory.isNoted(directory)).isFalse();
      assertThat(BorrowedMemory.look(directory, JSON)).isNull();
      borrowed.settle();
    }
    assertThatThrownBy(() -> BorrowedMemory.claim(POD, directory))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertConflict(e, "has all of its memory"));
  }

  @Test
  void forget_isForAPodThatEnds_whoeverFetches() throws Exception {
    try (BorrowedMemory borrowed = BorrowedMemory.note(POD, directory, "hosta")) {
      BorrowedMemory.forget(directory);
      assertThat(BorrowedMemory.look(directory, JSON)).isNull();
      borrowed.settle();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void claim_thatWaitedUntilAllHadCome_hasNothingToFetch() throws Exception {
    BorrowedMemory first = BorrowedMemory.note(POD, directory, "hosta");
    CompletableFuture<BorrowedMemory> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return BorrowedMemory.claim(POD, directory);
              } catch (PodkitException e) {
                throw new IllegalStateException(e);
              }
            });
    Thread.sleep(300);
    assertThat(second).isNotDone();
    first.settle();
    first.close();
    assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("has all of its memory");
  }

  @Test
  void damagedNote_isAnError() throws Exception {
    Files.writeString(directory.resolve("borrowed-memory.json"), "{");
    assertThatThrownBy(() -> BorrowedMemory.look(directory, JSON))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("borrowed-memory.json");
  }

  @Test
  void look_whileNotesComeAndGo_neverFails() throws Exception {
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 200; i++) {
                  try (BorrowedMemory borrowed = BorrowedMemory.note(POD, directory, "hosta")) {
                    borrowed.settle();
                  }
                }
              } catch (PodkitException e) {
                throw new IllegalStateException(e);
              }
            });
    while (!writing.isDone()) {
      BorrowedMemory.look(directory, JSON);
    }
    writing.get(20, TimeUnit.SECONDS);
  }
}
