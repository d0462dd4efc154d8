package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.VolumeSpec;
import io.podkit.core.store.ContainerOrigin.CoveredPath;
import io.podkit.core.store.Json;
import io.podkit.linux.Pid;
import io.podkit.procfs.MountInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountSurveyTest {
  /** Of a container of podman 4.3 with runc 1.1 on a host with cgroup v1 and v2, shortened. */
  private static final String MOUNTS =
      """
      165 76 0:61 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
      167 165 0:64 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
      168 165 0:65 / /dev rw,nosuid,noexec - tmpfs tmpfs rw,size=65536k,mode=755
      169 165 0:66 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
      170 168 0:67 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,gid=5
      171 168 0:63 / /dev/mqueue rw,nosuid,nodev,noexec,relatime - mqueue mqueue rw
      173 165 254:0 /s/userdata/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
      174 168 0:60 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=64000k
      177 169 0:68 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755
      178 177 0:29 /libpod /sys/fs/cgroup/cpu ro,nosuid,relatime - cgroup cgroup rw,cpu
      187 165 254:0 /v/_data /data ro,relatime - ext4 /dev/vda rw
      188 165 0:80 / /scratch rw,relatime - tmpfs tmpfs rw
      80 167 0:64 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
      81 167 0:69 / /proc/acpi ro,relatime - tmpfs tmpfs ro
      82 167 0:65 /null /proc/keys rw,nosuid,noexec - tmpfs tmpfs rw,size=65536k,mode=755
      83 167 0:65 /null /proc/odd rw,nosuid,noexec - tmpfs tmpfs rw,size=65536k,mode=755
      84 169 0:70 / /sys/firmware ro,relatime - tmpfs tmpfs ro
      """;

  private static final String CONFIG =
      """
      {"mounts": [
        {"destination": "/dev/shm", "type": "bind", "source": "/s/userdata/shm", "options": ["bind"]},
        {"destination": "/etc/hosts", "type": "bind", "source": "/s/userdata/hosts"},
        {"destination": "/scratch", "type": "tmpfs", "source": "tmpfs"},
        {"destination": "/data", "source": "/v/_data", "options": ["rbind", "ro"]}],
       "linux": {"maskedPaths": ["/proc/acpi", "/proc/keys", "/proc/odd", "/sys/firmware"]}}
      """;

  @TempDir Path directory;

  private MountSurvey survey(String mounts) throws Exception {
    Files.writeString(directory.resolve("config.json"), CONFIG);
    Path process = Files.createDirectories(directory.resolve("7"));
    Files.writeString(process.resolve("mountinfo"), mounts);
    return MountSurvey.of(
        MountInfo.of(directory, new Pid(7)).mounts(),
        ContainerLayout.read(directory, Json.mapper()));
  }

  @Test
  void whatAnEngineMounts_isSorted() throws Exception {
    MountSurvey survey = survey(MOUNTS);

    assertThat(survey.volumes())
        .containsExactly(
            VolumeSpec.of(Path.of("/s/userdata/hosts"), Path.of("/etc/hosts"), false),
            VolumeSpec.of(Path.of("/v/_data"), Path.of("/data"), true));
    assertThat(survey.covers())
        .containsExactly(
            new CoveredPath("/sys/fs/cgroup", true),
            new CoveredPath("/sys/fs/cgroup/cpu", true),
            new CoveredPath("/proc/acpi", true),
            new CoveredPath("/proc/odd", false),
            new CoveredPath("/sys/firmware", true));
    assertThat(survey.unknown()).isEmpty();
  }

  @Test
  void whatAPodWouldNotHave_isNamed() throws Exception {
    String more =
        """
        90 187 254:0 /x /data/within rw,relatime - ext4 /dev/vdb rw
        91 165 254:0 /v/_data /data rw,relatime master:1 - ext4 /dev/vda rw
        """;
    assertThat(survey(MOUNTS + more).unknown())
        .containsExactly(
            "/data/within, of type ext4", "/data, which follows what is mounted on this host");
  }

  @Test
  void aConfigurationThatIsNone_isAnError() throws IOException {
    Files.writeString(directory.resolve("config.json"), "[");
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> ContainerLayout.read(directory, Json.mapper()))
        .hasMessageContaining("cannot read how a container was made");
  }
}
