package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodName;
import io.podkit.core.store.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EngineWordsTest {
  /** Of {@code podman container inspect}, podman 4.3; UpperDir and MergedDir have to be there. */
  private static final String INSPECTED =
      """
      [{"Image": "f5393449a627", "Rootfs": "", "Pod": "", "ExecIDs": [],
        "OCIConfigPath": "/s/overlay-containers/a99b/userdata/config.json",
        "State": {"ConmonPid": 563019},
        "GraphDriver": {"Name": "overlay", "Data": {"UpperDir": "/usr", "MergedDir": "/etc"}},
        "Mounts": [{"Type": "volume", "Name": "dbdata", "Destination": "/var/lib/redis"},
                   {"Type": "bind", "Destination": "/srv"}],
        "Config": {"Labels": {}},
        "NetworkSettings": {"Ports": {"80/tcp": null}}}]
      """;

  private static EngineWords words(Consumer<ObjectNode> change) throws Exception {
    var list = Json.mapper().readTree(INSPECTED);
    change.accept((ObjectNode) list.get(0));
    return Objects.requireNonNull(EngineWords.parse(list));
  }

  private static List<String> obstacles(Consumer<ObjectNode> change) throws Exception {
    ContainerObstacles obstacles = new ContainerObstacles(new PodName("db"));
    obstacles.ofEngine(words(change));
    assertThat(obstacles.all()).allSatisfy(check -> assertThat(check.cure()).isNotBlank());
    return obstacles.all().stream().map(HostCheck::finding).toList();
  }

  @Test
  void anOrdinaryContainer_isUnderstoodAndMayMove() throws Exception {
    EngineWords words = words(container -> {});
    assertThat(words.image()).isEqualTo("f5393449a627");
    assertThat(words.bundle()).isEqualTo(Path.of("/s/overlay-containers/a99b/userdata"));
    assertThat(words.monitor()).isEqualTo(563019);
    assertThat(words.volumes()).containsOnlyKeys(Path.of("/var/lib/redis"));
    assertThat(obstacles(container -> {})).isEmpty();
  }

  @Test
  void whatKeepsIt_isTold() throws Exception {
    assertThat(obstacles(c -> c.put("Pod", "1234"))).singleElement().asString().contains("pod");
    assertThat(
            obstacles(
                c ->
                    ((ObjectNode) c.at("/Config/Labels"))
                        .put("PODMAN_SYSTEMD_UNIT", "container-db.service")))
        .singleElement()
        .asString()
        .contains("container-db.service");
    assertThat(
            obstacles(
                c -> ((ObjectNode) c.at("/NetworkSettings/Ports")).putArray("80/tcp").addObject()))
        .singleElement()
        .asString()
        .contains("ports");
    assertThat(obstacles(c -> c.putArray("ExecIDs").add("9")))
        .singleElement()
        .asString()
        .contains("exec");
    assertThat(obstacles(c -> c.put("Rootfs", "/srv/root")))
        .singleElement()
        .asString()
        .contains("no image");
    assertThat(obstacles(c -> ((ObjectNode) c.at("/GraphDriver")).put("Name", "vfs")))
        .singleElement()
        .asString()
        .contains("storage vfs");
  }

  private static void checked(ObjectNode container, String test, String action) {
    ObjectNode config = (ObjectNode) container.at("/Config");
    config.putObject("Healthcheck").putArray("Test").add(test).add("true");
    config.put("HealthcheckOnFailureAction", action);
  }

  @Test
  void aHealthCheck_keepsItOnlyWhereSomethingIsDone() throws Exception {
    assertThat(obstacles(c -> checked(c, "CMD-SHELL", "restart")))
        .singleElement()
        .asString()
        .contains("health check", "restart");
    assertThat(obstacles(c -> checked(c, "CMD-SHELL", "none"))).isEmpty();
    assertThat(obstacles(c -> checked(c, "NONE", "kill"))).isEmpty();
    assertThat(obstacles(c -> checked(c, "CMD-SHELL", ""))).isEmpty();
  }

  @Test
  void somethingElse_isNotUnderstood() throws Exception {
    assertThat(EngineWords.parse(Json.mapper().readTree("[]"))).isNull();
    assertThat(EngineWords.parse(Json.mapper().readTree("[{}]"))).isNull();
  }
}
