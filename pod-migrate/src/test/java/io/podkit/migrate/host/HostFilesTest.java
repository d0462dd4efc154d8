package io.podkit.migrate.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.protocol.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The inventory and a host's own marks, on disk. */
class HostFilesTest {
  private static final KnownHost A = new KnownHost("hosta", "192.0.2.1", 7617);
  private static final KnownHost B = new KnownHost("hostb", "192.0.2.2", 99);

  @TempDir Path directory;

  private InventoryFile inventory() {
    return new InventoryFile(directory.resolve("hosts/inventory.json"), new ObjectMapper());
  }

  private OwnMarks marks() {
    return new OwnMarks(directory.resolve("hosts/own.json"), new ObjectMapper());
  }

  @Test
  void inventory_keepsHostsByName() throws Exception {
    assertThat(inventory().list()).isEmpty();
    inventory().put(B);
    inventory().put(A);
    assertThat(inventory().list()).containsExactly(A, B);
    KnownHost moved = new KnownHost("hosta", "192.0.2.9", 7617);
    inventory().put(moved);
    assertThat(inventory().list()).containsExactly(moved, B);
    assertThat(inventory().remove("hosta")).isTrue();
    assertThat(inventory().remove("hosta")).isFalse();
    assertThat(inventory().list()).containsExactly(B);
  }

  @Test
  void inventory_losesNothingToTwoWriters() throws Exception {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      KnownHost host = new KnownHost("host" + i, "192.0.2.1", 7617);
      Thread writer =
          new Thread(
              () -> {
                try {
                  inventory().put(host);
                } catch (PodkitException e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      writers.add(writer);
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(inventory().list()).hasSize(8);
  }

  @Test
  void inventory_saysWhichFileIsDamaged() throws Exception {
    inventory().put(A);
    Files.writeString(directory.resolve("hosts/inventory.json"), "{");
    assertThatThrownBy(() -> inventory().list())
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("inventory.json");
  }

  @Test
  void marks_areKeptAndChanged() throws Exception {
    assertThat(marks().objections()).isEmpty();
    marks().change(HostMarks.labels(Map.of("chassis", "c1", "rack", "r1"), List.of()));
    marks().change(HostMarks.cordon(true));
    marks().change(HostMarks.labels(Map.of("rack", "r2"), List.of("chassis", "none")));
    assertThat(marks().read().labels()).containsExactly(Map.entry("rack", "r2"));
    assertThat(marks().objections()).extracting(Problem::code).containsExactly(Problem.CORDONED);
    marks().change(HostMarks.cordon(false));
    assertThat(marks().objections()).isEmpty();
  }

  @Test
  void marks_rememberWhereAPodWentLast() throws Exception {
    marks().left(new AwayPod("web", A));
    marks().left(new AwayPod("db", A));
    marks().left(new AwayPod("web", B));
    assertThat(marks().read().away()).containsExactly(new AwayPod("db", A), new AwayPod("web", B));
    marks().change(HostMarks.forget(List.of("db")));
    assertThat(marks().read().away()).containsExactly(new AwayPod("web", B));
  }
}
