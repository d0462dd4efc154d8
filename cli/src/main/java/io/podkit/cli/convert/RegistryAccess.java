package io.podkit.cli.convert;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.PullRequest.Access;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who we are at a registry, as podman's users say it. */
public final class RegistryAccess {
  private RegistryAccess() {}

  /**
   * Who we are.
   *
   * @param credentials {@code USER[:PASSWORD]}, or null
   * @param authFile a file that must exist, or null for those that podman and docker use
   * @throws PodkitException USAGE without a user, NOT_FOUND without that file
   */
  public static Access of(
      @Nullable String credentials, @Nullable String authFile, Map<String, String> environment)
      throws PodkitException {
    if (credentials != null) {
      int colon = credentials.indexOf(':');
      String user = colon < 0 ? credentials : credentials.substring(0, colon);
      if (user.isEmpty()) {
        throw PodkitException.usage("--creds: write USER:PASSWORD");
      }
      return new Access(user, colon < 0 ? "" : credentials.substring(colon + 1), List.of());
    }
    if (authFile != null) {
      Path file = Path.of(authFile).toAbsolutePath();
      if (!Files.isRegularFile(file)) {
        throw PodkitException.notFound("--authfile: there is no file " + file);
      }
      return new Access(null, "", List.of(file));
    }
    List<Path> files = new ArrayList<>();
    add(files, environment.get("REGISTRY_AUTH_FILE"), "");
    add(files, environment.get("XDG_RUNTIME_DIR"), "containers/auth.json");
    add(files, "/run/containers/0", "auth.json");
    add(files, environment.get("HOME"), ".docker/config.json");
    return new Access(null, "", files);
  }

  private static void add(List<Path> files, @Nullable String base, String rest) {
    if (base != null && !base.isEmpty()) {
      files.add(Path.of(base).resolve(rest));
    }
  }
}
