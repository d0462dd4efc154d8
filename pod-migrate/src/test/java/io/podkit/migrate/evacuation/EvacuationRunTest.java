package io.podkit.migrate.evacuation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationOrder.Purpose;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.EvacuationStatus.State;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.host.OwnMarks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one run does with pods that move, that do not, and that were on their way before it. */
class EvacuationRunTest {
  private static final KnownHost B = new KnownHost("hostb", "192.0.2.2", 7617);
  private static final KnownHost C = new KnownHost("hostc", "192.0.2.3", 7617);

  @TempDir Path directory;

  private final EmptyingHost host = new EmptyingHost();
  private final ObjectMapper json = new ObjectMapper().findAndRegisterModules();
  private final List<String> recovered = new ArrayList<>();
  private EvacuationFiles files;
  private OwnMarks marks;

  @BeforeEach
  void open() {
    files =
        new EvacuationFiles(
            new HostDirs(directory.resolve("root"), directory.resolve("run")), json);
    marks = new OwnMarks(directory.resolve("own.json"), json);
  }

  @Test
  void everyPodThatRuns_moves_andIsRemembered() throws Exception {
    host.put("one", PodState.RUNNING);
    host.put("two", PodState.RUNNING);
    host.put("old", PodState.EXITED);
    EvacuationStatus end = run(order(Duration.ZERO, B));
    assertThat(end.state()).isEqualTo(State.DONE);
    assertThat(end.pods())
        .extracting(PodMove::pod, PodMove::step)
        .containsExactlyInAnyOrder(
            tuple("one", Step.MOVED), tuple("two", Step.MOVED), tuple("old", Step.STAYS));
    assertThat(marks.read().away())
        .containsExactlyInAnyOrder(new AwayPod("one", B), new AwayPod("two", B));
    assertThat(files.status()).contains(end);
  }

  @Test
  void podThatATargetRefuses_goesElsewhere() throws Exception {
    host.put("one", PodState.RUNNING);
    host.course(
        (pod, target) -> {
          if (target.equals(B.address())) {
            throw refusal();
          }
        });
    EvacuationStatus end = run(order(Duration.ZERO, B, C));
    assertThat(end.state()).isEqualTo(State.DONE);
    PodMove moved = end.pods().get(0);
    assertThat(moved.target()).isEqualTo("hostc");
    assertThat(host.begun()).endsWith("one to " + C.address());
    assertThat(moved.attempts()).isEqualTo(host.begun().size());
  }

  @Test
  void podThatNobodyTakes_isLeft_withTheReason() throws Exception {
    host.put("one", PodState.RUNNING);
    host.put("two", PodState.RUNNING);
    host.course(
        (pod, target) -> {
          if (pod.equals("one")) {
            throw refusal();
          }
        });
    EvacuationStatus end = run(order(Duration.ZERO, B, C));
    assertThat(end.state()).isEqualTo(State.LEFT);
    assertThat(end.count(Step.MOVED)).isEqualTo(1);
    PodMove left = find(end, "one");
    assertThat(left.step()).isEqualTo(Step.LEFT);
    assertThat(left.attempts()).isEqualTo(2);
    assertThat(left.rejected()).hasSize(2).allMatch(why -> why.contains("the disk is full"));
    assertThat(marks.read().away())
        .containsExactly(new AwayPod("two", find(end, "two").target().equals("hostb") ? B : C));
  }

  @Test
  void podThatCannotBeLookedAt_keepsNoOtherHere() throws Exception {
    host.put("one", PodState.RUNNING);
    host.put("two", PodState.RUNNING);
    host.broken("one");
    EvacuationStatus end = run(order(Duration.ZERO, B));
    assertThat(end.state()).isEqualTo(State.LEFT);
    assertThat(find(end, "one").reason()).contains("a bug");
    assertThat(find(end, "two").step()).isEqualTo(Step.MOVED);
  }

  @Test
  void targetThatCannotBeAsked_isNotTried() throws Exception {
    host.put("one", PodState.RUNNING);
    host.down("hostb");
    assertThat(run(order(Duration.ZERO, B, C)).state()).isEqualTo(State.DONE);
    assertThat(host.begun()).containsExactly("one to " + C.address());
  }

  @Test
  void cancelling_endsTheMovesAndLeavesTheRest() throws Exception {
    for (int i = 0; i < 5; i++) {
      host.put("pod" + i, PodState.RUNNING);
    }
    CountDownLatch over = new CountDownLatch(1);
    host.course(
        (pod, target) -> {
          files.cancel();
          over.await(1, TimeUnit.SECONDS);
        });
    EvacuationStatus end = run(order(Duration.ZERO, B));
    assertThat(end.state()).isEqualTo(State.CANCELLED);
    assertThat(end.count(Step.LEFT)).isEqualTo(5);
    assertThat(find(end, "pod4").reason()).contains("cancelled before its turn");
    assertThat(marks.read().away()).isEmpty();
  }

  @Test
  void deadline_endsIt() throws Exception {
    for (int i = 0; i < 5; i++) {
      host.put("pod" + i, PodState.RUNNING);
    }
    host.course((pod, target) -> Thread.sleep(1200));
    EvacuationStatus end = run(order(Duration.ofSeconds(1), B));
    assertThat(end.state()).isEqualTo(State.TIMED_OUT);
    assertThat(find(end, "pod4").reason()).contains("deadline passed");
  }

  @Test
  void podThatWentWhenThePredecessorDied_isTakenForMoved() throws Exception {
    host.put("here", PodState.RUNNING);
    PodMove gone = PodMove.planned("gone", "hostb", "", List.of()).begun("hostb");
    PodMove here = PodMove.planned("here", "hostb", "", List.of()).begun("hostb");
    EvacuationStatus end = run(order(Duration.ZERO, B), gone, here);
    assertThat(end.state()).isEqualTo(State.DONE);
    assertThat(host.begun()).containsExactly("here to " + B.address());
    assertThat(end.count(Step.MOVED)).isEqualTo(2);
    assertThat(find(end, "here").attempts()).isEqualTo(2);
  }

  @Test
  void podInDoubt_isRecoveredAndThenCounted() throws Exception {
    host.put("one", PodState.IN_DOUBT);
    PodMove move = PodMove.planned("one", "hostb", "", List.of()).begun("hostb");
    EvacuationStatus end = run(order(Duration.ZERO, B), move);
    assertThat(recovered).contains("one");
    assertThat(end.state()).isEqualTo(State.DONE);
    assertThat(find(end, "one").step()).isEqualTo(Step.MOVED);
    assertThat(host.begun()).isEmpty();
  }

  private static PodkitException refusal() {
    return PodkitException.of(ErrorKind.REFUSED, "the disk is full", new Hint("free some"));
  }

  private static PodMove find(EvacuationStatus status, String pod) {
    return status.pods().stream().filter(move -> move.pod().equals(pod)).findFirst().orElseThrow();
  }

  private static EvacuationOrder order(Duration deadline, KnownHost... targets) {
    return new EvacuationOrder(
        Purpose.EVACUATE,
        List.of(targets),
        List.of(),
        Map.of(),
        0,
        deadline,
        EvacuationOrder.Sequence.NAME,
        false);
  }

  private EvacuationStatus run(EvacuationOrder order, PodMove... before) throws Exception {
    EvacuationStatus first =
        new EvacuationStatus(
            "1",
            "hosta",
            Purpose.EVACUATE,
            State.RUNNING,
            Instant.now().toString(),
            0,
            List.of(before));
    files.write(order, first);
    Recovery recovery =
        new Recovery() {
          @Override
          public List<Outcome> recover(@Nullable PodName only, @Nullable Owner assume) {
            String pod = Objects.requireNonNull(only).value();
            recovered.add(pod);
            host.remove(pod);
            return List.of();
          }

          @Override
          public void serve(PodName pod) {
            throw new AssertionError("nothing is served");
          }
        };
    new EvacuationRun(
            host.runtime(),
            files,
            order,
            first,
            new EvacuationPlan(new EvacuationSurvey(host.runtime(), host.hosts()), order),
            host::prepare,
            recovery,
            marks,
            Clock.systemUTC())
        .run();
    return files.status().orElseThrow();
  }
}
