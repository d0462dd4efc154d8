package io.podkit.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.HostCheck;
import io.podkit.core.store.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerForecastTest {
  private static final ObjectMapper JSON = Json.mapper();

  private static List<String> findings(String config, String spec) throws Exception {
    return ContainerForecast.refusals("c", JSON.readTree(config), JSON.readTree(spec)).stream()
        .map(HostCheck::finding)
        .toList();
  }

  private static String mount(String place, String type, String option) {
    return """
    {"mounts": [{"destination": "%s", "type": "%s", "source": "/x", "options": ["%s"]}]}
    """
        .formatted(place, type, option);
  }

  @Test
  void whatEveryContainerOfPodmanHas_isNoObstacle() throws Exception {
    for (String place : List.of("/etc/hosts", "/dev/shm", "/run/.containerenv")) {
      assertThat(findings("{}", mount(place, "bind", "private"))).isEmpty();
    }
    assertThat(findings("{}", mount("/dev", "tmpfs", "nosuid"))).isEmpty();
  }

  @Test
  void whatWouldShowThisHost_isRefusedInEitherDescription() throws Exception {
    String bind = mount("/data", "bind", "ro");
    assertThat(findings("{}", bind)).singleElement().asString().contains("/data");
    assertThat(findings("{\"spec\": " + bind + "}", "{}"))
        .singleElement()
        .asString()
        .contains("/data");
    assertThat(findings("{}", mount("/data", "none", "rbind"))).hasSize(1);
    assertThat(findings("{\"namedVolumes\": [{\"dest\": \"/v\"}]}", "{}"))
        .singleElement()
        .asString()
        .contains("/v");
    assertThat(findings("{\"privileged\": true}", "{}")).hasSize(1);
    assertThat(findings("{}", "{\"linux\": {\"devices\": [{\"path\": \"/dev/sda\"}]}}")).hasSize(1);
  }
}
