package io.podkit.tests.junit;

import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Something a machine may lack. */
public enum Requirement {
  /** Namespaces, mounts and CRIU are root's. */
  ROOT("run it as root: sudo ./dev test") {
    @Override
    boolean present() {
      return "root".equals(System.getProperty("user.name"));
    }
  },
  /** The {@code pod} command, built. */
  POD("./dev build") {
    @Override
    boolean present() {
      return Files.exists(Path.of(System.getProperty("podkit.root", ".."), "cli/target/dist/lib"));
    }
  },
  /** A CRIU that {@code dev setup} found to work on this kernel. */
  CRIU("sudo ./dev setup") {
    @Override
    boolean present() {
      return System.getenv("PODKIT_CRIU") != null || Files.exists(Path.of("/opt/podkit/criu.env"));
    }
  },
  /** The servers that are moved. */
  SERVERS("sudo ./dev setup") {
    @Override
    boolean present() {
      return succeeds("sh", "-c", "PATH=$PATH:/usr/sbin; type redis-server nginx python3")
          && succeeds("sh", "-c", "ls /usr/lib/postgresql/*/bin/pgbench");
    }
  },
  /** What makes filesystems in files. */
  FILESYSTEMS("sudo ./dev setup") {
    @Override
    boolean present() {
      return succeeds("sh", "-c", "PATH=$PATH:/usr/sbin; type mkfs.ext4 mkfs.xfs mkfs.btrfs");
    }
  },
  /** A network filesystem that needs no network. */
  SSHFS("sudo ./dev setup") {
    @Override
    boolean present() {
      return succeeds("sh", "-c", "type sshfs fusermount3 && test -x /usr/lib/openssh/sftp-server");
    }
  },
  /** What makes and reads images besides Podkit. */
  PODMAN("sudo ./dev setup") {
    @Override
    boolean present() {
      return succeeds("sh", "-c", "type podman runc skopeo python3");
    }
  },
  /** Docker's daemon, which need not run: the tests start one of their own. */
  DOCKER("sudo ./dev setup") {
    @Override
    boolean present() {
      return succeeds("sh", "-c", "PATH=$PATH:/usr/sbin; type dockerd containerd runc mksquashfs");
    }
  };

  private final String cure;

  Requirement(String cure) {
    this.cure = cure;
  }

  abstract boolean present();

  /** The first of {@code wanted} that is missing, with its cure; null if all are there. */
  static @Nullable String missing(Requirement... wanted) {
    return Arrays.stream(wanted)
        .filter(requirement -> !requirement.present())
        .map(requirement -> requirement + " is missing: " + requirement.cure)
        .findFirst()
        .orElse(null);
  }

  private static boolean succeeds(Object program, Object... arguments) {
    try {
      return Command.of(program, arguments).run().success();
    } catch (PodkitException e) {
      return false;
    }
  }
}
