package io.podkit.criu;

import java.nio.file.Path;

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
  public SwrkLauncher into(SwrkLauncher launcher) {
    return start ->
        launcher
            .command(start)
            .env("LD_PRELOAD", library.toString())
            .env("PODKIT_USERFAULT_DEVICE", device.toString())
            .env("PODKIT_USERFAULT_FD", Integer.toString(descriptor));
  }
}
