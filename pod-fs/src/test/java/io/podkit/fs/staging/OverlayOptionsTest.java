package io.podkit.fs.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.linux.Errno;
import io.podkit.linux.RecordingSyscalls;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel is asked to mount, to the letter. */
class OverlayOptionsTest {
  private static final Path UPPER = Path.of("/var/lib/pod/pods/web/upper");
  private static final Path WORK = Path.of("/var/lib/pod/pods/web/work");
  private static final Path ROOT = Path.of("/run/pod/pods/web/root");

  private final RecordingSyscalls recorded = new RecordingSyscalls();

  @Test
  void whatDistributionsChooseDifferently_isNamed() {
    assertThat(OverlayOptions.of(List.of(Path.of("/run/pod/layers/aa")), UPPER, WORK))
        .isEqualTo(
            "lowerdir=/run/pod/layers/aa,upperdir=/var/lib/pod/pods/web/upper,"
                + "workdir=/var/lib/pod/pods/web/work,xino=on,index=off,nfs_export=off,"
                + "redirect_dir=off,metacopy=off");
  }

  @Test
  void layers_areGivenHighestFirst() {
    assertThat(OverlayOptions.of(List.of(Path.of("/base"), Path.of("/top")), UPPER, WORK))
        .startsWith("lowerdir=/top:/base,");
  }

  @Test
  void oddNames_areEscaped() {
    Path odd = Path.of("/a:b,c\\d");
    assertThat(OverlayOptions.of(List.of(odd), odd, odd))
        .startsWith("lowerdir=/a\\:b\\,c\\\\d,upperdir=/a:b\\,c\\\\d,workdir=/a:b\\,c\\\\d,");
  }

  @Test
  void mount_isPrivate() throws Exception {
    new OverlayMount(recorded.syscalls()).mount(List.of(Path.of("/l")), UPPER, WORK, ROOT);
    String options = OverlayOptions.of(List.of(Path.of("/l")), UPPER, WORK);
    assertThat(recorded.calls())
        .containsExactly(
            "mount(overlay, /run/pod/pods/web/root, overlay, [NO_DEV], " + options + ")",
            "mount(none, /run/pod/pods/web/root, , [PRIVATE], )");
  }

  @Test
  void longOptions_goThroughDescriptorsThatAreClosedAgain() throws Exception {
    Path longName = Path.of("/" + "x".repeat(200));
    new OverlayMount(recorded.syscalls())
        .mount(Collections.nCopies(30, longName), UPPER, WORK, ROOT);
    assertThat(recorded.calls("openat2")).hasSize(30);
    assertThat(recorded.calls("mount").get(0))
        .contains("lowerdir=/proc/self/fd/129:/proc/self/fd/128:");
    assertThat(recorded.calls("close")).hasSize(30);
  }

  @Test
  void tooManyLayers_areRefusedAndNothingIsLeftOpen() {
    List<Path> layers = Collections.nCopies(300, Path.of("/run/pod/layers/aa"));
    OverlayMount overlay = new OverlayMount(recorded.syscalls());
    assertThatThrownBy(() -> overlay.mount(layers, UPPER, WORK, ROOT))
        .satisfies(e -> assertThat(((io.podkit.linux.ErrnoException) e).is(Errno.E2BIG)).isTrue());
    assertThat(recorded.calls("mount")).isEmpty();
    assertThat(recorded.calls("close")).hasSize(300);
  }
}
