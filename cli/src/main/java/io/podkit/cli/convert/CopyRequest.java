package io.podkit.cli.convert;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * What {@code pod cp} is to copy.
 *
 * @param pod whose files
 * @param podPath path in the pod
 * @param hostPath path here
 * @param intoPod whether the copy is made in the pod
 */
public record CopyRequest(PodName pod, String podPath, Path hostPath, boolean intoPod) {

  /**
   * Parses the two arguments, of which one is {@code POD:PATH}.
   *
   * @throws PodkitException USAGE if not exactly one is
   */
  public static CopyRequest parse(String source, String target) throws PodkitException {
    int sourceColon = colon(source);
    int targetColon = colon(target);
    if ((sourceColon < 0) == (targetColon < 0)) {
      throw PodkitException.usage("one of the two paths must be POD:PATH, and only one");
    }
    boolean intoPod = sourceColon < 0;
    String inPod = intoPod ? target : source;
    int colon = intoPod ? targetColon : sourceColon;
    String path = inPod.substring(colon + 1);
    if (path.isEmpty()) {
      throw PodkitException.usage("'" + inPod + "' names no path in the pod");
    }
    Path here = Path.of(intoPod ? source : target).toAbsolutePath();
    return new CopyRequest(Typed.pod(inPod.substring(0, colon)), path, here, intoPod);
  }

  /** Where the pod's name ends, or -1 for a path of the host: {@code ./a:b} is one, as with scp. */
  private static int colon(String text) {
    if (text.startsWith("/") || text.startsWith(".")) {
      return -1;
    }
    int colon = text.indexOf(':');
    return colon > 0 && text.indexOf('/') >= 0 && text.indexOf('/') < colon ? -1 : colon;
  }
}
