package io.podkit.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podkit.core.api.Capability;
import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.ResourceLimits;
import io.podkit.core.api.VolumeSpec;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodStoreTest {
  @TempDir Path directory;
  private HostDirs dirs;
  private PodStore store;

  @BeforeEach
  void open() {
    dirs = new HostDirs(directory.resolve("root"), directory.resolve("run"));
    store = new PodStore(dirs, Json.mapper());
  }

  @Test
  void aRecordFromBeforeSharingIsRead() throws Exception {
    ObjectNode written = (ObjectNode) Json.mapper().readTree(store.encode(record("web")));
    ObjectNode volume = (ObjectNode) written.path("spec").path("volumes").path(0);
    volume.remove(List.of("name", "sharing"));
    assertThat(volume.size()).isEqualTo(3);
    PodRecord read = store.decode(Json.mapper().writeValueAsBytes(written), "a test");
    assertThat(read.spec().volumes()).containsExactly(VolumeSpec.parse("/srv:/data:ro"));
  }

  static PodRecord record(String name) {
    PodSpec spec =
        PodSpec.builder(new PodName(name), PodSource.image("redis"))
            .command(List.of("redis-server", "--port", "6379"))
            .env(Map.of("A", "b c"))
            .limits(
                new ResourceLimits(
                    OptionalLong.of(1L << 30), OptionalDouble.of(1.5), OptionalLong.empty()))
            .capabilities(Set.of(Capability.CHOWN))
            .volumes(List.of(VolumeSpec.parse("/srv:/data:ro")))
            .build();
    return new PodRecord(
        PodRecord.SCHEMA_VERSION,
        "0123456789ab",
        spec,
        new Credentials(101, 103, List.of(7), "/var/lib/redis"),
        PodState.CREATED,
        Instant.parse("2026-11-22T10:00:00Z"),
        null,
        null,
        new NetworkAddress("10.0.0.2", 16, "fd00::2", 64, "0e:50:0a:00:00:02"),
        List.of("sha256:" + "ab".repeat(32)),
        null,
        null);
  }

  @Test
  void save_thenGetIsTheSame() throws PodkitException {
    PodRecord record =
        record("web")
            .running(new InitProcess(42, 4711, "boot"), Instant.parse("2026-11-22T10:00:01Z"));
    store.save(record);
    assertThat(store.get(new PodName("web"))).isEqualTo(record);
  }

  @Test
  void get_readsARecordOfAnOlderVersion() throws Exception {
    store.save(record("web"));
    Path file = store.directory(new PodName("web")).resolve("pod.json");
    String written = Files.readString(file);
    String older =
        written.replaceAll("(?s),\\s*\"(stopSignal|exposedPorts)\" : (null|\\[[^]]*\\])", "");
    assertThat(older).isNotEqualTo(written).doesNotContain("exposedPorts", "stopSignal");
    Files.writeString(file, older);
    assertThat(store.get(new PodName("web"))).isEqualTo(record("web"));
  }

  @Test
  void list_isSortedAndIgnoresDirectoriesWithoutARecord() throws Exception {
    store.save(record("b"));
    store.save(record("a"));
    Files.createDirectories(store.directory(new PodName("half-made")));
    assertThat(store.list()).extracting(r -> r.name().value()).containsExactly("a", "b");
  }

  @Test
  void decode_ignoresUnknownMembersAndRefusesNewerSchemas() throws PodkitException {
    String text = new String(store.encode(record("web")), StandardCharsets.UTF_8);
    byte[] extended =
        text.replaceFirst("\\{", "{\"fromTheFuture\":1,").getBytes(StandardCharsets.UTF_8);
    assertThat(store.decode(extended, "test")).isEqualTo(record("web"));
    byte[] newer =
        text.replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 2")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> store.decode(newer, "test")).hasMessageContaining("newer Podkit");
  }

  @Test
  void decode_saysWhereDamageWasFound() throws IOException, PodkitException {
    store.save(record("web"));
    Files.writeString(
        store.directory(new PodName("web")).resolve("pod.json"), "{\"schemaVersion\":1");
    assertThatThrownBy(() -> store.get(new PodName("web")))
        .hasMessageContaining("pod.json")
        .hasMessageContaining("damaged");
  }

  @Test
  void record_refusesAnIllegalStep() {
    assertThatThrownBy(() -> record("web").in(PodState.IN_DOUBT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void travelling_leavesTheHostBehind() {
    PodRecord here = record("web").running(new InitProcess(42, 4711, "boot"), Instant.EPOCH);
    PodRecord sent = here.travelling("m1");
    assertThat(sent.init()).isNull();
    assertThat(sent.started()).isNull();
    assertThat(sent.state()).isEqualTo(PodState.ARRIVING);
    assertThat(sent.migration()).isEqualTo("m1");
  }

  @Test
  void locks_excludeEachOtherWithinAProcessAndCanBeTakenAgain() throws PodkitException {
    PodLocks locks = new PodLocks(dirs);
    PodName web = new PodName("web");
    try (HostLock held = locks.acquire(web, Duration.ZERO)) {
      assertThat(locks.tryAcquire(web)).isNull();
      assertThatThrownBy(() -> locks.acquire(web, Duration.ofMillis(50)))
          .hasMessageContaining("another command");
      held.close();
    }
    HostLock again = locks.acquire(web, Duration.ZERO);
    again.close();
  }
}
