package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.linux.Device;
import io.podkit.linux.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the records of a tree stream, one after the other. Paths are raw, legal and within the
 * limits; whether they name anything is for the handler to find out.
 */
interface RecordHandler {

  /** Takes a piece of a file's content. */
  interface SegmentSink {
    /**
     * Takes data that lies at that offset.
     *
     * @param data a direct buffer, the sink's only until it returns
     */
    void segment(long offset, ByteBuffer data) throws PodkitException;

    /** From here on for so many bytes the file has no data; only in a patch. */
    void hole(long offset, long length) throws PodkitException;
  }

  /** The content of the file at hand. */
  @FunctionalInterface
  interface Content {
    /**
     * Reads all of it; must be called exactly once.
     *
     * @throws IOException as the stream threw it
     */
    void copyTo(SegmentSink sink) throws PodkitException, IOException;
  }

  void directory(String path, Attributes attributes) throws PodkitException, IOException;

  void file(String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException;

  /** Changes a file that is there; what no segment names stays, as far as the size allows. */
  void patch(String path, Attributes attributes, long size, Content content)
      throws PodkitException, IOException;

  void symlink(String path, Attributes attributes, byte[] target)
      throws PodkitException, IOException;

  void special(String path, Attributes attributes, FileType type, Device device)
      throws PodkitException, IOException;

  void hardLink(String path, String existing) throws PodkitException, IOException;

  void attributes(String path, FileType type, Attributes attributes)
      throws PodkitException, IOException;

  void delete(String path) throws PodkitException, IOException;
}
