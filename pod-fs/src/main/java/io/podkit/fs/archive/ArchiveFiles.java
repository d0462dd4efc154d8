package io.podkit.fs.archive;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of an archive, in a directory. No name that the archive gives leads out of it. The
 * caller keeps and closes what they are read from.
 */
public final class ArchiveFiles {
  /** Far more than an image of 127 layers needs. */
  private static final int MOST_JSON = 4 << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)); // no list has holes

  private final RootedFiles files;

  public ArchiveFiles(RootedFiles files) {
    this.files = files;
  }

  /**
   * A layer as it lies there; the caller closes it.
   *
   * @throws PodkitException REFUSED if it is missing
   */
  public InputStream open(ArchivedLayer layer) throws PodkitException {
    try {
      return files.open("/" + layer.path());
    } catch (PodkitException e) {
      throw e.kind() == ErrorKind.NOT_FOUND ? refused("it lacks " + layer.path()) : e;
    }
  }

  /** Removes a layer that is not needed any more. */
  public void delete(ArchivedLayer layer) throws PodkitException {
    files.delete("/" + layer.path());
  }

  /** A small file, if there is one; what is large or no file is none that an archive has there. */
  Optional<byte[]> find(String path) throws PodkitException {
    try {
      return files.read("/" + path, MOST_JSON);
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.REFUSED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * What a file of JSON says.
   *
   * @param digest what its content must have; null if nothing is known
   * @throws PodkitException REFUSED if it is missing or malformed, or has another digest
   */
  <T> T json(String path, @Nullable String digest, Class<T> type) throws PodkitException {
    byte[] content = find(path).orElseThrow(() -> refused("it lacks " + path));
    if (digest != null && !VerifiedInput.digestOf(content).equals(digest)) {
      throw refused(path + " is damaged: it does not have the digest " + digest);
    }
    return parse(content, type).orElseThrow(() -> refused(path + " is not what it should be"));
  }

  /** What JSON says, or nothing if it says something else. */
  static <T> Optional<T> parse(byte[] content, Class<T> type) {
    try {
      return Optional.ofNullable(MAPPER.readValue(content, type));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static PodkitException refused(String why) {
    return PodkitException.refused("the image archive is not accepted: " + why);
  }
}
