package io.podkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.cli.json.AddressJson;
import io.podkit.cli.json.AgentJson;
import io.podkit.cli.json.BringBackJson;
import io.podkit.cli.json.CertificateJson;
import io.podkit.cli.json.CheckJson;
import io.podkit.cli.json.CheckpointJson;
import io.podkit.cli.json.DoctorJson;
import io.podkit.cli.json.EvacuationJson;
import io.podkit.cli.json.EventJson;
import io.podkit.cli.json.ExitJson;
import io.podkit.cli.json.HookJson;
import io.podkit.cli.json.HostDetailJson;
import io.podkit.cli.json.HostJson;
import io.podkit.cli.json.HostPodJson;
import io.podkit.cli.json.HostPodsJson;
import io.podkit.cli.json.ImageHistoryJson;
import io.podkit.cli.json.ImageJson;
import io.podkit.cli.json.LayerChecksJson;
import io.podkit.cli.json.LiveStatusJson;
import io.podkit.cli.json.MemoryJson;
import io.podkit.cli.json.MigrationJson;
import io.podkit.cli.json.NamesJson;
import io.podkit.cli.json.PodJson;
import io.podkit.cli.json.PodListJson;
import io.podkit.cli.json.PodSummaryJson;
import io.podkit.cli.json.RecoveryJson;
import io.podkit.cli.json.RemoteMemoryJson;
import io.podkit.cli.json.RoundJson;
import io.podkit.cli.json.StatsJson;
import io.podkit.cli.json.VersionJson;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonDocumentTest {
  static Stream<Class<?>> shapes() {
    return Stream.of(
            AddressJson.class,
            AgentJson.class,
            BringBackJson.class,
            CertificateJson.class,
            CheckJson.class,
            CheckpointJson.class,
            DoctorJson.class,
            EvacuationJson.class,
            EventJson.class,
            ExitJson.class,
            HookJson.class,
            HostDetailJson.class,
            HostJson.class,
            HostPodJson.class,
            HostPodsJson.class,
            ImageHistoryJson.class,
            ImageJson.class,
            LayerChecksJson.class,
            LiveStatusJson.class,
            MemoryJson.class,
            MigrationJson.class,
            NamesJson.class,
            PodJson.class,
            PodListJson.class,
            PodSummaryJson.class,
            RecoveryJson.class,
            RemoteMemoryJson.class,
            RoundJson.class,
            StatsJson.class,
            VersionJson.class)
        .flatMap(shape -> Stream.concat(Stream.of(shape), Stream.of(shape.getDeclaredClasses())));
  }

  private static RecordComponent[] members(Class<?> shape) {
    return shape.isRecord() ? shape.getRecordComponents() : new RecordComponent[0];
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyMember_isDocumented(Class<?> shape) throws IOException {
    String document = Files.readString(Path.of("../docs/json-output.md"));
    for (RecordComponent member : members(shape)) {
      assertThat(document).as(shape.getSimpleName()).contains("`" + member.getName() + "`");
    }
  }
}
