package io.podkit.core.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.api.ResourceLimits;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On plain files with the names of a cgroup's. */
class QuotaThrottleTest {
  private static final int PROCESSORS = 4;

  @TempDir Path hierarchy;
  private Path group;
  private long nanos = -17;

  @BeforeEach
  void makeGroup() throws IOException {
    group = Files.createDirectories(hierarchy.resolve("podkit/web"));
    used(Duration.ofSeconds(50));
  }

  private void used(Duration cpuTime) throws IOException {
    Files.writeString(
        group.resolve("cpu.stat"),
        "usage_usec " + cpuTime.toNanos() / 1000 + "\nuser_usec 1\nsystem_usec 2\n");
    Files.writeString(group.resolve("cpuacct.usage"), cpuTime.toNanos() + "\n");
  }

  private PodCgroup v2() {
    return new PodCgroup(new CgroupLayout(hierarchy, Set.of("cpu"), Map.of()), "podkit/web");
  }

  private PodCgroup v1() {
    return new PodCgroup(
        new CgroupLayout(null, Set.of(), Map.of("cpu", hierarchy, "cpuacct", hierarchy)),
        "podkit/web");
  }

  private static ResourceLimits cpus(double cpus) {
    return new ResourceLimits(OptionalLong.empty(), OptionalDouble.of(cpus), OptionalLong.empty());
  }

  private QuotaThrottle throttle(PodCgroup cgroup, ResourceLimits limits) throws PodkitException {
    return new QuotaThrottle(cgroup, limits, PROCESSORS, () -> nanos);
  }

  /** Ten seconds pass, in which it uses so many processors. */
  private void busy(double processors) throws IOException {
    nanos += Duration.ofSeconds(10).toNanos();
    used(Duration.ofSeconds(50).plusMillis(Math.round(10_000 * processors)));
  }

  private String file(String name) throws IOException {
    return Files.readString(group.resolve(name));
  }

  @Test
  void v2_aPartOfWhatItUsed() throws Exception {
    QuotaThrottle throttle = throttle(v2(), ResourceLimits.NONE);
    busy(1);
    throttle.apply(80);
    assertThat(file("cpu.max")).isEqualTo("80000 100000");
    busy(0.8);
    throttle.apply(25);
    assertThat(file("cpu.max")).as("of what it used before").isEqualTo("25000 100000");
    throttle.remove();
    assertThat(file("cpu.max")).isEqualTo("max 100000");
  }

  @Test
  void v1_aPartOfWhatItUsed() throws Exception {
    QuotaThrottle throttle = throttle(v1(), ResourceLimits.NONE);
    busy(2);
    throttle.apply(60);
    assertThat(file("cpu.cfs_quota_us")).isEqualTo("120000");
    throttle.remove();
    assertThat(file("cpu.cfs_quota_us")).isEqualTo("-1");
  }

  @Test
  void aLimitComesBack_andIsNeverExceeded() throws Exception {
    QuotaThrottle throttle = throttle(v2(), cpus(1.5));
    busy(3);
    throttle.apply(60);
    assertThat(file("cpu.max")).isEqualTo("90000 100000");
    throttle.remove();
    assertThat(file("cpu.max")).isEqualTo("150000 100000");
  }

  @Test
  void unmeasured_aPartOfTheLimitOrOfAllProcessors() throws Exception {
    throttle(v2(), cpus(2)).apply(50);
    assertThat(file("cpu.max")).isEqualTo("100000 100000");
    throttle(v2(), ResourceLimits.NONE).apply(50);
    assertThat(file("cpu.max")).isEqualTo("200000 100000");
  }

  @Test
  void anIdlePod_isLeftSomeLife() throws Exception {
    QuotaThrottle throttle = throttle(v2(), ResourceLimits.NONE);
    busy(0);
    throttle.apply(25);
    assertThat(file("cpu.max")).isEqualTo("5000 100000");
  }

  @Test
  void withoutAController_itIsRefusedAndRemovable() throws Exception {
    PodCgroup cgroup = new PodCgroup(new CgroupLayout(hierarchy, Set.of(), Map.of()), "podkit/web");
    QuotaThrottle throttle = throttle(cgroup, ResourceLimits.NONE);
    assertThatThrownBy(() -> throttle.apply(80))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
    throttle.remove();
    assertThat(group.resolve("cpu.max")).doesNotExist();
  }

  @Test
  void quotaOfAnEngine_isGivenBackWithItsPeriod() throws Exception {
    Files.writeString(group.resolve("cpu.cfs_quota_us"), "25000\n");
    Files.writeString(group.resolve("cpu.cfs_period_us"), "50000\n");
    Files.writeString(group.resolve("cpu.max"), "max 50000\n");
    for (PodCgroup cgroup : new PodCgroup[] {v1(), v2()}) {
      String quota = cgroup.cpuQuota();
      assertThat(quota).isEqualTo(cgroup.freezerForCriu() == null ? "25000 50000" : "max 50000");
      throttle(cgroup, cpus(2)).apply(50);
      assertThat(cgroup.cpuQuota()).isEqualTo("100000 100000");
      cgroup.setCpuQuota(Objects.requireNonNull(quota));
      assertThat(cgroup.cpuQuota()).isEqualTo(quota);
    }
  }
}
