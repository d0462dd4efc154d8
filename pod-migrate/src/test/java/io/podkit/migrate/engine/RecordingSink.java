package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.migrate.memory.transfer.BatchSink;
import io.podkit.migrate.protocol.Bulk;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down which pages it is given, and of which it is told to forget what it has. */
final class RecordingSink implements BatchSink {
  private static final int CONTENT = 0;
  private static final int ABSENT = 3;

  final List<String> entries = new CopyOnWriteArrayList<>();

  @Override
  public void send(Bulk.PageBatch batch) {
    ByteBuffer table = batch.table().duplicate();
    while (table.hasRemaining()) {
      PageRun run = new PageRun(table.getLong(), table.getInt());
      entries.add(kind(table.getInt()) + " " + Long.toHexString(batch.memory()) + " " + run);
    }
  }

  private static String kind(int kind) {
    return switch (kind) {
      case CONTENT -> "pages";
      case ABSENT -> "forget";
      default -> throw new AssertionError("noise is neither zeros nor anything else: " + kind);
    };
  }

  @Override
  public void flush() {}
}
