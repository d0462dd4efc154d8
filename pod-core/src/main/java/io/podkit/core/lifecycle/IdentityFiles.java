package io.podkit.core.lifecycle;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodSpec;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files by which programs in a pod know who and where they are: hostname, hosts and
 * resolv.conf.
 */
final class IdentityFiles {
  private static final Path HOST_RESOLVER = Path.of("/etc/resolv.conf");

  private IdentityFiles() {}

  static void write(RootedFiles files, PodSpec spec, @Nullable NetworkAddress address)
      throws PodkitException {
    files.createDirectory("/etc", 0_755);
    put(files, "/etc/hostname", spec.hostname() + "\n");
    StringBuilder hosts =
        new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    if (address != null) {
      hosts.append(address.ipv4()).append('\t').append(spec.hostname()).append('\n');
      hosts.append(address.ipv6()).append('\t').append(spec.hostname()).append('\n');
    }
    put(files, "/etc/hosts", hosts.toString());
    try {
      if (address != null && Files.exists(HOST_RESOLVER)) {
        put(files, "/etc/resolv.conf", Files.readString(HOST_RESOLVER));
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot read " + HOST_RESOLVER, e);
    }
  }

  private static void put(RootedFiles files, String path, String content) throws PodkitException {
    files.write(path, content.getBytes(StandardCharsets.UTF_8), 0_644);
  }
}
