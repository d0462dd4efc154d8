package io.podkit.core.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;

/**
 * The OCI hook through which a container engine tells this host's Podkit of containers as it makes
 * them. Its file is of schema 1.0.0 of hooks.d, which podman and CRI-O read. Thread-safe.
 *
 * @see <a href="https://github.com/containers/common/blob/main/pkg/hooks/docs/oci-hooks.5.md">
 *     oci-hooks(5)</a>
 */
public interface ContainerHook {
  /** The one directory that podman 4.3 and CRI-O read unless they are told otherwise. */
  Path STANDARD_DIRECTORY = Path.of("/usr/share/containers/oci/hooks.d");

  /**
   * Has engines that read {@code directory} call the hook for each container they make from now on;
   * replaces an earlier installation.
   *
   * @param directory absolute; made if it is not there
   * @param annotations what a container must be annotated with; none for every container
   */
  HookStatus install(Path directory, List<AnnotationRule> annotations) throws PodkitException;

  /** Undoes {@link #install}; no error if there is nothing to undo. */
  HookStatus uninstall(Path directory) throws PodkitException;

  /** Looks; changes nothing. */
  HookStatus status(Path directory) throws PodkitException;
}
