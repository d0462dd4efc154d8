package io.podkit.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.store.EngineArchive;
import io.podkit.core.store.Json;
import io.podkit.error.PodkitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreArchiveTest {
  private static final ObjectMapper JSON = Json.mapper();
  private static final Path NETWORK = Path.of("/run/pod/netns/m1");
  private static final String NAMESPACES =
      "\"linux\": {\"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"network\", \"path\": \"/n\"}]}";

  /** As podman 4.3 writes them, shortened. */
  private static final EngineArchive FOREIGN =
      new EngineArchive(
          "ab",
          """
          {"spec": {%s}, "name": "web", "createNetNS": true, "rootfsImageID": "ab",
           "labels": {"mine": "1"}, "conmonPidFile": "/there/conmon.pid", "pid_file": "/there/pid",
           "staticDir": "/there/userdata", "logPath": "/there/ctr.log", "exitCommand": ["/bin/evil"],
           "newNetworks": {"pods": {}}, "staticIP": "10.0.0.2", "stopSignal": 15}
          """
              .formatted(NAMESPACES),
          """
          {%s, "process": {"args": ["redis-server"]},
           "hooks": {"createRuntime": [{"path": "/bin/evil"}], "poststop": [{"path": "/bin/evil"}]}}
          """
              .formatted(NAMESPACES),
          "[\"/dev/null\",\"pipe:[1]\",\"pipe:[2]\"]");

  @TempDir Path directory;

  private JsonNode written(String name) throws Exception {
    return JSON.readTree(Files.readAllBytes(directory.resolve("parts").resolve(name)));
  }

  private static String network(JsonNode spec) {
    return spec.path("linux").path("namespaces").path(1).path("path").asText();
  }

  @Test
  void whatIsTrueOnlyThere_isTakenOut() throws Exception {
    Path archive = RestoreArchive.write(FOREIGN, "m1", NETWORK, List.of(), directory, JSON);

    assertThat(archive).isNotEmptyFile();
    JsonNode config = written("config.dump");
    assertThat(config.toString()).doesNotContain("/there").doesNotContain("evil");
    assertThat(config.has("newNetworks") || config.has("staticIP")).isFalse();
    assertThat(config.path("createNetNS").asBoolean(true)).isFalse();
    assertThat(config.path("stopSignal").asInt()).isEqualTo(15);
    assertThat(config.path("rootfsImageID").asText()).isEqualTo("ab");
    assertThat(config.path("labels").path("mine").asText()).isEqualTo("1");
    assertThat(config.path("labels").path(PodmanHost.LABEL).asText()).isEqualTo("m1");
    assertThat(network(config.path("spec"))).isEqualTo(NETWORK.toString());
    assertThat(network(written("spec.dump"))).isEqualTo(NETWORK.toString());
    assertThat(written("checkpoint/descriptors.json").size()).isEqualTo(3);
    assertThat(directory.resolve("parts/checkpoint/inventory.img")).exists();
  }

  @Test
  void noHookButOurOwn_isCalledHere() throws Exception {
    RestoreArchive.write(FOREIGN, "m1", NETWORK, List.of(), directory.resolve("a"), JSON);
    List<String> ours = List.of("/var/lib/pod/hook/pod-hook", "pod-hook", "hook", "/run/pod/c");
    RestoreArchive.write(FOREIGN, "m1", NETWORK, ours, directory, JSON);

    assertThat(Files.readString(directory.resolve("a/parts/spec.dump"))).doesNotContain("hooks");
    JsonNode hooks = written("spec.dump").path("hooks");
    assertThat(hooks.size()).isEqualTo(1);
    JsonNode call = hooks.path("createRuntime").path(0);
    assertThat(call.path("path").asText()).isEqualTo("/var/lib/pod/hook/pod-hook");
    assertThat(call.path("args").toString()).isEqualTo("[\"pod-hook\",\"hook\",\"/run/pod/c\"]");
  }

  @Test
  void whatIsNoDescription_isRefused() {
    EngineArchive odd = new EngineArchive("ab", "[]", "{}", "[]");
    assertThatThrownBy(() -> RestoreArchive.write(odd, "m1", NETWORK, List.of(), directory, JSON))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("no description");
  }
}
