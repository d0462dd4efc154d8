package io.podkit.migrate.evacuation;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.migrate.api.MigrationEvent;
import io.podkit.migrate.api.MigrationPhase;
import io.podkit.migrate.api.PodMove;
import io.podkit.migrate.api.PodMove.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTest {
  private static PodMove plan(String pod, String target) {
    return PodMove.planned(pod, target, "because", List.of());
  }

  @Test
  void aNewPlanKeepsWhatWasTriedAndPutsItsPodsLast() {
    Board board = new Board(List.of(plan("web", "b"), plan("db", "b")));
    board.change("web", move -> move.begun("b").at(Step.MOVED, "because", ""));
    board.change("db", move -> move.begun("b").at(Step.LEFT, "b died", ""));
    board.plan(List.of(plan("db", "c"), plan("new", "c")));
    assertThat(board.pods()).extracting(PodMove::pod).containsExactly("web", "db", "new");
    assertThat(board.pods()).extracting(PodMove::attempts).containsExactly(1, 1, 0);
    assertThat(board.pods().get(1).step()).isEqualTo(Step.WAITING);
    assertThat(board.pods().get(1).target()).isEqualTo("c");
    assertThat(board.has(Step.LEFT)).isFalse();
  }

  @Test
  void followsAMigration() {
    Board board = new Board(List.of(plan("web", "b").begun("b")));
    assertThat(board.takeChanged()).isFalse();
    board
        .follow("web")
        .on(new MigrationEvent.PhaseStarted(Duration.ZERO, MigrationPhase.SYNC_LAYERS));
    assertThat(board.takeChanged()).isTrue();
    assertThat(board.takeChanged()).isFalse();
    assertThat(board.pods().get(0).phase()).isEqualTo("layers");
  }
}
