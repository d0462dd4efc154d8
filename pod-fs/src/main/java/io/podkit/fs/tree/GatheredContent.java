package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The whole content of a small new file, kept until somebody writes it. Not thread-safe. */
final class GatheredContent implements RecordHandler.SegmentSink, RecordHandler.Content {

  private record Segment(long offset, int from, int length) {}

  private final ByteBuffer buffer;
  private final List<Segment> segments = new ArrayList<>(1);

  /**
   * Nothing yet.
   *
   * @param buffer direct, of the file's size or larger; this object's only until the content is
   *     written
   */
  GatheredContent(ByteBuffer buffer) {
    this.buffer = buffer.clear();
  }

  @Override
  public void segment(long offset, ByteBuffer data) {
    segments.add(new Segment(offset, buffer.position(), data.remaining()));
    buffer.put(data);
  }

  @Override
  public void hole(long offset, long length) {
    throw new IllegalStateException("a new file has no content that a hole could take away");
  }

  @Override
  public void copyTo(RecordHandler.SegmentSink sink) throws PodkitException {
    for (Segment segment : segments) {
      sink.segment(segment.offset(), buffer.slice(segment.from(), segment.length()));
    }
  }
}
