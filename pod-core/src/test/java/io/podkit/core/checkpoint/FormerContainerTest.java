package io.podkit.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.ContainerOrigin.CoveredPath;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.Json;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormerContainerTest {
  private static final EngineContainer OWNER =
      new EngineContainer(
          new ContainerRef("podman", "a99b"),
          List.of("/bin/podman"),
          List.of("/data"),
          "veth1",
          null);

  private static PodRecord record(@Nullable EngineContainer owner, String covered) {
    return new PodRecord(
        PodRecord.SCHEMA_VERSION,
        "0123456789ab",
        PodSpec.builder(new PodName("db"), PodSource.image("podman/1")).build(),
        new Credentials(0, 0, List.of(), "/"),
        PodState.LEAVING,
        Instant.EPOCH,
        null,
        null,
        null,
        List.of(),
        "1",
        new ContainerOrigin(owner, List.of(new CoveredPath(covered, true))));
  }

  @Test
  void aRecordThatTravels_hasNoCommandInIt() throws Exception {
    PodRecord leaving = record(OWNER, "/sys/fs/cgroup/cpu,cpuacct");
    assertThat(FormerContainer.mayArrive(leaving)).isFalse();
    PodRecord travelling = leaving.travelling("2");
    assertThat(FormerContainer.mayArrive(travelling)).isTrue();
    assertThat(FormerContainer.covers(travelling)).containsExactly("/sys/fs/cgroup/cpu,cpuacct");
    byte[] written = Json.mapper().writeValueAsBytes(leaving);
    assertThat(Json.mapper().readValue(written, PodRecord.class)).isEqualTo(leaving);
  }

  @Test
  void whatTheContainerBrought_isReplacedOnce() throws Exception {
    PodRecord arriving = record(OWNER, "/sys").travelling("2");
    assertThat(FormerContainer.isFirstArrival(arriving)).isTrue();
    PodRecord onward = TravellingRecord.of(arriving, List.of("sha256:1"), "3");
    assertThat(FormerContainer.isFirstArrival(onward)).isFalse();
    byte[] written = Json.mapper().writeValueAsBytes(onward);
    PodRecord read = Json.mapper().readValue(written, PodRecord.class);
    assertThat(FormerContainer.isFirstArrival(read)).isFalse();

    Done done = new Done();
    FormerContainer.program(done.files(true), Path.of("/pod-init"), true);
    assertThat(done.calls()).containsExactly("delete /.pod/init", "copyIn /pod-init");
    done = new Done();
    FormerContainer.program(done.files(true), Path.of("/pod-init"), false);
    assertThat(done.calls()).isEmpty();
    done = new Done();
    FormerContainer.program(done.files(false), Path.of("/pod-init"), false);
    assertThat(done.calls()).containsExactly("copyIn /pod-init");
  }

  /** What is changed in a pod's tree. */
  private static final class Done {
    private final List<String> calls = new ArrayList<>();
    private boolean there;

    List<String> calls() {
      return calls;
    }

    RootedFiles files(boolean isThere) {
      there = isThere;
      Object files =
          Proxy.newProxyInstance(
              RootedFiles.class.getClassLoader(),
              new Class<?>[] {RootedFiles.class},
              (self, method, arguments) -> answer(method.getName(), arguments[0]));
      return (RootedFiles) files;
    }

    private @Nullable Object answer(String method, Object argument) throws PodkitException {
      if (!method.equals("open")) {
        calls.add(method + " " + argument);
        there = !method.equals("delete");
        return null;
      }
      if (!there) {
        throw PodkitException.notFound("no file");
      }
      return InputStream.nullInputStream();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../etc", "/sys/../../etc", "sys", "/", "", "/a\nexternal x", "/a]:/b"})
  void aPlaceThatIsNone_mayNotArrive(String path) {
    assertThat(FormerContainer.mayArrive(record(null, path))).isFalse();
  }
}
