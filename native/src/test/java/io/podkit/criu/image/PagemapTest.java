package io.podkit.criu.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagemapTest {
  /** A pagemap-1.img of CRIU 4.2.1, cut after its second entry. */
  private static final String REAL =
      "1943565425400856"
          + "020000000801"
          + "0b0000000880a08002100020042801"
          + "0b0000000880c0a802100020042805";

  private static final String HEADER = "1943565425400856" + "02000000" + "0801";

  @Test
  void read_understandsCriusOwn() throws IOException {
    PagemapImage image = read(REAL);

    assertThat(image.pagesName()).isEqualTo("pages-1.img");
    assertThat(image.entries())
        .containsExactly(
            new PagemapImage.Entry(new PageRun(0x401000, 1), Set.of(PageFlag.PRESENT)),
            new PagemapImage.Entry(new PageRun(0x4a2000, 5), Set.of(PageFlag.PRESENT)));
    assertThat(image.presentPages()).isEqualTo(6);
  }

  @Test
  void read_understandsOlderCrius() throws IOException {
    // vaddr 0x1000, compat_nr_pages 3, no flags; then in_parent
    PagemapImage image = read(HEADER + "05000000" + "0880201003" + "08000000" + "0880800110021801");
    assertThat(image.entries())
        .containsExactly(
            new PagemapImage.Entry(new PageRun(0x1000, 3), Set.of(PageFlag.PRESENT)),
            new PagemapImage.Entry(new PageRun(0x4000, 2), Set.of(PageFlag.PARENT)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "19435654",
        "1943565400000000" + "02000000" + "0801",
        HEADER + "0b000000" + "0880a08002",
        HEADER + "0b0000",
        // a record of 2 GiB, of a negative size, of nonsense
        HEADER + "ffffff7f",
        HEADER + "ffffffff",
        HEADER + "03000000" + "ffffff",
        // not aligned; no pages; beyond user space; present and in the parent; unknown flag
        HEADER + "0b000000" + "0881a08002100020042801",
        HEADER + "0b000000" + "0880a08002100020042800",
        HEADER + "10000000" + "0880808080808080800110002004" + "2801",
        HEADER + "0b000000" + "0880a08002100020052801",
        HEADER + "0b000000" + "0880a08002100020082801",
        // twice the same
        HEADER + "0b000000" + "0880a08002100020042801" + "0b000000" + "0880a08002100020042801"
      })
  void read_rejectsWhatIsNoPagemap(String hex) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(ImageFormatException.class);
  }

  @Test
  void write_isWhatCriuWrites() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PagemapWriter writer = new PagemapWriter(bytes, 1)) {
      writer.add(new PageRun(0x401000, 1), Set.of(PageFlag.PRESENT));
      writer.add(new PageRun(0x4a2000, 5), Set.of(PageFlag.PRESENT));
    }
    assertThat(HexFormat.of().formatHex(bytes.toByteArray())).isEqualTo(REAL);
  }

  @Test
  void write_joinsNeighboursThatAreAlike() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PagemapWriter writer = new PagemapWriter(bytes, PagemapWriter.FIRST_PAGES_ID)) {
      writer.add(new PageRun(0x1000, 1), Set.of(PageFlag.PRESENT));
      writer.add(new PageRun(0x2000, 2), Set.of(PageFlag.PRESENT));
      writer.add(new PageRun(0x4000, 1), Set.of(PageFlag.LAZY));
      writer.add(new PageRun(0x6000, 1), Set.of(PageFlag.LAZY));
      assertThatThrownBy(() -> writer.add(new PageRun(0x6000, 1), Set.of(PageFlag.LAZY)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    PagemapImage image = PagemapImage.read(new ByteArrayInputStream(bytes.toByteArray()));
    assertThat(image.pagesName()).isEqualTo("pages-65537.img");
    assertThat(image.entries())
        .extracting(PagemapImage.Entry::run)
        .containsExactly(new PageRun(0x1000, 3), new PageRun(0x4000, 1), new PageRun(0x6000, 1));
  }

  @Property(tries = 500)
  void read_ofAnythingEndsInATypedError(@ForAll @Size(max = 64) byte[] tail) {
    byte[] header = HexFormat.of().parseHex(HEADER);
    byte[] file = Arrays.copyOf(header, header.length + tail.length);
    System.arraycopy(tail, 0, file, header.length, tail.length);
    try {
      List<PagemapImage.Entry> entries =
          PagemapImage.read(new ByteArrayInputStream(file)).entries();
      assertThat(entries).allMatch(entry -> entry.run().pages() > 0);
    } catch (ImageFormatException e) {
      assertThat(e).hasMessageNotContaining("null");
    } catch (IOException e) {
      throw new AssertionError("not a typed error", e);
    }
  }

  private static PagemapImage read(String hex) throws IOException {
    return PagemapImage.read(new ByteArrayInputStream(HexFormat.of().parseHex(hex)));
  }
}
