package io.podkit.fs.api;

import io.podkit.error.PodkitException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image to be made of a pod.
 *
 * @param name the name to give it; an image of that name is replaced
 * @param upper the directory that has the pod's own files
 * @param left absolute paths in it that do not belong into an image
 * @param base the layers it was stacked on, the lowest first
 * @param baseImage the image they came from, if it is known; its history goes on
 * @param config what the new image says about running it
 * @param author who makes it; may be empty, as may the next
 * @param comment a note
 */
public record CommitRequest(
    ImageName name,
    Path upper,
    Set<String> left,
    List<LayerDigest> base,
    @Nullable ImageName baseImage,
    ImageConfig config,
    String author,
    String comment) {

  /** Copies the collections. */
  public CommitRequest {
    left = Set.copyOf(left);
    base = List.copyOf(base);
  }

  /** Copies the pod's files. */
  @FunctionalInterface
  public interface Copying {
    /** Returns when they are copied. */
    void run() throws PodkitException;
  }

  /** Sees to it that nothing changes the pod's files while they are copied. */
  @FunctionalInterface
  public interface Stillness {
    /** Nothing has to be seen to. */
    Stillness GIVEN = Copying::run;

    /** Runs {@code copying} while all is still, and lets go whatever happens. */
    void during(Copying copying) throws PodkitException;
  }
}
