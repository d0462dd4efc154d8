package io.podkit.migrate.memory.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.criu.image.ImageFormatException;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PagemapImage;
import io.podkit.migrate.memory.store.Piece.Origin;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PieceTest {
  private static PagemapImage.Entry dumped(long page, long pages, PageFlag... flags) {
    return new PagemapImage.Entry(new PageRun(page << 12, pages), Set.of(flags));
  }

  private static Piece piece(long page, long pages, Origin origin) {
    return new Piece(new PageRun(page << 12, pages), origin);
  }

  @Test
  void merge_ordersByAddress() throws ImageFormatException {
    assertThat(
            Piece.merge(
                List.of(
                    dumped(2, 1, PageFlag.PRESENT),
                    dumped(3, 2, PageFlag.PRESENT, PageFlag.LAZY),
                    dumped(9, 1, PageFlag.PRESENT)),
                List.of(
                    piece(1, 1, Origin.LATER),
                    piece(5, 1, Origin.STORED),
                    piece(6, 2, Origin.LATER),
                    piece(10, 1, Origin.LATER))))
        .containsExactly(
            piece(1, 1, Origin.LATER),
            piece(2, 1, Origin.DUMPED),
            piece(3, 2, Origin.DUMPED),
            piece(5, 1, Origin.STORED),
            piece(6, 2, Origin.LATER),
            piece(9, 1, Origin.DUMPED),
            piece(10, 1, Origin.LATER));
  }

  @Test
  void merge_ofOneSideOnly() throws ImageFormatException {
    assertThat(Piece.merge(List.of(), List.of())).isEmpty();
    assertThat(Piece.merge(List.of(), List.of(piece(1, 1, Origin.LATER)))).hasSize(1);
    assertThat(Piece.merge(List.of(dumped(1, 1, PageFlag.PRESENT)), List.of())).hasSize(1);
  }

  @Test
  void merge_refusesWhatIsThereTwice() {
    List<PagemapImage.Entry> dumped = List.of(dumped(4, 3, PageFlag.PRESENT));
    for (Piece carried :
        List.of(
            piece(4, 3, Origin.LATER),
            piece(3, 2, Origin.LATER),
            piece(6, 2, Origin.STORED),
            piece(5, 1, Origin.LATER),
            piece(1, 9, Origin.LATER))) {
      assertThatThrownBy(() -> Piece.merge(dumped, List.of(carried)))
          .isInstanceOf(ImageFormatException.class)
          .hasMessageContaining("which Podkit carries");
    }
  }

  @Test
  void merge_refusesWhatNobodyHas() {
    for (PageFlag flag : List.of(PageFlag.PARENT, PageFlag.LAZY)) {
      assertThatThrownBy(() -> Piece.merge(List.of(dumped(4, 3, flag)), List.of()))
          .isInstanceOf(ImageFormatException.class)
          .hasMessageContaining("without contents");
    }
  }
}
