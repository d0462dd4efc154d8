package io.podkit.criu;

import java.nio.file.Path;
import java.util.Map;

/**
 * Lets tasks in a user namespace have the userfaultfd of a lazy restore, through a library that is
 * preloaded into CRIU: {@code native/src/main/c/criu-preload}; docs/adr/0010 has the reasons.
 *
 * @param library the preloaded library
 * @param device the kernel's /dev/userfaultfd, since Linux 6.1
 * @param descriptor the number under which it is open in CRIU; no task may use it
 */
public record UserfaultGrant(Path library, Path device, int descriptor) implements Preload {
  @Override
  public Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "PODKIT_USERFAULT_DEVICE",
        device.toString(),
        "PODKIT_USERFAULT_FD",
        Integer.toString(descriptor));
  }
}
