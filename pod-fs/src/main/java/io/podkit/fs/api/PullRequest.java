package io.podkit.fs.api;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image to fetch from a registry.
 *
 * @param name the name to give it; an image of that name is replaced
 * @param reference where it is: {@code [REGISTRY[:PORT]/]REPOSITORY[:TAG|@DIGEST]}
 * @param insecure whether a certificate that cannot be verified, or plain HTTP, will do
 * @param access who we are there
 * @param config what the image says about running it, over what it says itself
 * @param limits what it may ask for
 */
public record PullRequest(
    ImageName name,
    String reference,
    boolean insecure,
    Access access,
    ImageConfig config,
    ImageLimits limits) {

  /**
   * Who we are at a registry: a user, or what files of other tools say.
   *
   * @param user the user, or null to look into the files
   * @param password the user's password
   * @param files where docker and podman keep what they know, looked into in that order; those that
   *     do not exist are passed over
   */
  public record Access(@Nullable String user, String password, List<Path> files) {
    /** Nobody in particular. */
    public static final Access NONE = new Access(null, "", List.of());

    /** Copies the list. */
    public Access {
      files = List.copyOf(files);
    }

    /** Does not tell the password. */
    @Override
    public String toString() {
      return user == null ? files.toString() : user;
    }
  }
}
