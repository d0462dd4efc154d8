package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Capability;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.UserNamespace;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.Json;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This very process is taken for a container's. */
class LocalContainersTest {
  private static final String ID =
      "71782b60ba225196606be5a217f0950857892cf4f9a9b2a855d0d0e7677e5147";
  private static final PodName SHORT = new PodName("71782b60ba22");

  /** What podman 4.3 writes, shortened. */
  private static final String CONFIG =
      """
      {"ociVersion": "1.0.2-dev",
       "process": {"user": {"uid": 33, "gid": 44, "umask": 18}, "args": ["redis-server", "--save", ""],
                   "env": ["TERM=xterm", "A=b=c", "=odd"], "cwd": "/data", "noNewPrivileges": true,
                   "capabilities": {"bounding": ["CAP_CHOWN", "CAP_NET_ADMIN", "CAP_OF_TOMORROW"]}},
       "root": {"path": "/s/overlay/6123/merged"}, "hostname": "71782b60ba22",
       "annotations": {"io.container.manager": "libpod", "org.opencontainers.image.stopSignal": "3"},
       "linux": {"resources": {"memory": {"limit": 536870912}, "pids": {"limit": 2048},
                               "cpu": {"quota": 150000, "period": 100000}}}}
      """;

  private static final String CATALOG =
      """
      [{"id": "%s", "names": ["%s"], "image": "b177", "layer": "7e8c",
        "metadata": "{\\"image-name\\":\\"localhost/redis:7\\"}"}]
      """;

  @TempDir Path directory;
  private final ObjectMapper json = Json.mapper();
  private Path notes;
  private Path store;
  private Path bundle;
  private InitProcess self;
  private LocalContainers containers;
  private PodStore pods;

  @BeforeEach
  void open() throws Exception {
    HostDirs dirs = new HostDirs(directory.resolve("root"), directory.resolve("run"));
    notes = Files.createDirectories(dirs.containerNotes());
    store = directory.resolve("overlay-containers");
    bundle = Files.createDirectories(store.resolve(ID).resolve("userdata"));
    self = ProcessIdentities.identify(ProcessHandle.current().pid());
    containers = new LocalContainers(dirs, json);
    pods = new PodStore(dirs, json);
  }

  private Path note(String id, InitProcess init, @Nullable Path itsBundle) throws IOException {
    return Files.write(
        notes.resolve(id + "." + init.startTime() + ".json"),
        json.writeValueAsBytes(
            new ContainerNote.Written(
                1, id, init.pid(), init.startTime(), init.bootId(), itsBundle)));
  }

  private void podman(String name) throws IOException {
    Files.writeString(bundle.resolve("config.json"), CONFIG);
    Files.writeString(store.resolve("containers.json"), CATALOG.formatted(ID, name));
  }

  private List<String> names(Set<PodName> taken) throws Exception {
    return containers.list(taken).stream().map(c -> c.record().name().value()).toList();
  }

  @Test
  void aContainerIsDescribedAsItsEngineDoes() throws Exception {
    podman("cache");
    note(ID, self, bundle);

    AdoptedContainer found = containers.find(pods, new PodName("cache")).orElseThrow();
    PodSpec spec = found.record().spec();
    assertThat(found.container().engine()).isEqualTo("podman");
    assertThat(found.container().id()).isEqualTo(ID);
    assertThat(found.record().state()).isEqualTo(PodState.RUNNING);
    assertThat(found.record().init()).isEqualTo(self);
    assertThat(spec.source()).hasToString("localhost/redis:7");
    assertThat(spec.command()).containsExactly("redis-server", "--save", "");
    assertThat(spec.env()).containsOnlyKeys("TERM", "A").containsEntry("A", "b=c");
    assertThat(spec.user()).isEqualTo("33:44");
    assertThat(spec.workdir()).isEqualTo("/data");
    assertThat(spec.capabilities()).containsOnly(Capability.CHOWN, Capability.NET_ADMIN);
    assertThat(spec.limits().memoryBytes()).hasValue(512L << 20);
    assertThat(spec.limits().cpus()).hasValue(1.5);
    assertThat(spec.limits().pids()).hasValue(2048);
    assertThat(spec.noNewPrivileges()).isTrue();
    assertThat(spec.userns()).isEqualTo(UserNamespace.HOST);
    assertThat(spec.stopSignal()).isEqualTo(3);
    assertThat(containers.find(pods, SHORT)).isPresent();
    assertThat(containers.find(pods, new PodName("other"))).isEmpty();
  }

  @Test
  void withoutTheEnginesFilesItGoesByItsShortId() throws Exception {
    note(ID, self, bundle);
    assertThat(names(Set.of())).containsExactly(SHORT.value());
    assertThat(containers.list(Set.of()).get(0).container().engine()).isEqualTo("oci");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../up", "", "a b"})
  void aNameThatNoPodCouldHaveIsNotUsed(String name) throws Exception {
    podman(name);
    note(ID, self, bundle);
    assertThat(names(Set.of())).containsExactly(SHORT.value());
  }

  @Test
  void aPodsNameIsThePods() throws Exception {
    podman("web");
    note(ID, self, bundle);
    assertThat(names(Set.of(new PodName("web")))).containsExactly(SHORT.value());
  }

  @Test
  void besideAPodOfItsName_itIsFoundByItsShortId_asThat() throws Exception {
    podman("web");
    note(ID, self, bundle);
    PodRecord web = containers.find(pods, new PodName("web")).orElseThrow().record();
    pods.save(web);
    assertThat(containers.adopted(pods, new PodName("web"))).isEmpty();
    assertThat(containers.adopted(pods, SHORT).orElseThrow().record().name()).isEqualTo(SHORT);
    assertThat(containers.find(pods, new PodName("web"))).isEmpty();
  }

  @Test
  void whileItLeaves_itIsFoundByNeitherName() throws Exception {
    podman("web");
    note(ID, self, bundle);
    AdoptedContainer web = containers.find(pods, new PodName("web")).orElseThrow();
    EngineContainer owner =
        new EngineContainer(web.container(), List.of("/bin/podman"), List.of(), null, null);
    pods.save(web.record().withOrigin(new ContainerOrigin(owner, List.of())));
    assertThat(containers.adopted(pods, new PodName("web"))).isEmpty();
    assertThat(containers.adopted(pods, SHORT)).isEmpty();
    assertThat(containers.find(pods, new PodName("web"))).isPresent();
  }

  @Test
  void thoseThatEndedAreForgotten() throws Exception {
    Path ended =
        note("ended", new InitProcess(self.pid(), self.startTime() - 1, self.bootId()), bundle);
    Path rebooted =
        note("rebooted", new InitProcess(self.pid(), self.startTime(), "of-yesterday"), bundle);
    Path restarted = note("ended", self, bundle);
    assertThat(names(Set.of())).containsExactly("ended");
    assertThat(ended).doesNotExist();
    assertThat(rebooted).doesNotExist();
    assertThat(restarted).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "null",
        "[]",
        "{}",
        "{\"schemaVersion\":2,\"id\":\"a\",\"pid\":1,\"startTime\":1,\"bootId\":\"b\"}",
        "{\"schemaVersion\":1,\"id\":\"a\",\"pid\":-1,\"startTime\":1,\"bootId\":\"b\"}",
        "{\"schemaVersion\":1,\"id\":\"a\",\"pid\":1,\"startTime\":1}",
        "{\"schemaVersion\":1,\"id\":\"a\",\"pid\":1,\"startTime\":1,\"bootId\":\"b\","
            + "\"bundle\":\"\\u0000\"}"
      })
  void whatIsNoNoteIsLeftAlone(String content) throws Exception {
    Path strange = Files.writeString(notes.resolve("a.1.json"), content);
    note(ID, self, bundle);
    assertThat(names(Set.of())).containsExactly(SHORT.value());
    assertThat(strange).exists();
  }

  @Test
  void whatAHookLeftUnfinishedIsRemovedWhenItIsOld() throws Exception {
    Path old = Files.writeString(notes.resolve(".a.1.json.77"), "{");
    Path fresh = Files.writeString(notes.resolve(".b.1.json.78"), "{");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
    assertThat(names(Set.of())).isEmpty();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"process\":5}",
        "{\"linux\":{\"resources\":{}}}",
        "{\"process\":{},\"annotations\":{\"org.opencontainers.image.stopSignal\":\"SIGQUIT\"},"
            + "\"linux\":{\"resources\":{\"memory\":{\"limit\":-1},\"cpu\":{\"quota\":-1,"
            + "\"period\":100000},\"pids\":{\"limit\":0}}}}",
        "{\"process\":{\"cwd\":\"relative\",\"args\":[\"a\"]},\"linux\":{\"resources\":{\"memory\":"
            + "{\"limit\":5},\"cpu\":{\"quota\":1,\"period\":0},\"pids\":{\"limit\":1}}}}"
      })
  void whateverTheConfigSaysTheContainerIsListed(String config) throws Exception {
    Files.writeString(bundle.resolve("config.json"), config);
    Files.writeString(store.resolve("containers.json"), config);
    note(ID, self, bundle);
    assertThat(names(Set.of())).containsExactly(SHORT.value());
    note("x", self, null);
    assertThat(names(Set.of())).contains("x");
  }

  @Test
  void thereNeedBeNoNotes() throws Exception {
    assertThat(names(Set.of())).isEmpty();
    Files.delete(notes);
    assertThat(names(Set.of())).isEmpty();
  }
}
