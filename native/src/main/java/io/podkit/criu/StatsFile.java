package io.podkit.criu;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.DumpStats;
import io.podkit.criu.proto.Stats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** The statistics that CRIU leaves after a successful dump. */
final class StatsFile {

  private static final String DUMP = "stats-dump";
  private static final int SERVICE_MAGIC = 0x55105940;
  private static final int STATS_MAGIC = 0x57093306;
  private static final int HEADER = 12;

  private StatsFile() {}

  static DumpResult.Counts readDump(Path work) throws IOException {
    return parse(Files.readAllBytes(work.resolve(DUMP)));
  }

  static DumpResult.Counts parse(byte[] file) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER
        || buffer.getInt() != SERVICE_MAGIC
        || buffer.getInt() != STATS_MAGIC
        || buffer.getInt() != buffer.remaining()) {
      throw new IOException("not CRIU's statistics");
    }
    try {
      DumpStats stats = Stats.parseFrom(buffer).getDump();
      return new DumpResult.Counts(
          micros(stats.getFreezingTime()),
          micros(stats.getFrozenTime()),
          micros(stats.getMemdumpTime()),
          stats.getPagesScanned(),
          stats.getPagesWritten());
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("CRIU's statistics cannot be read", e);
    }
  }

  private static Duration micros(int unsigned) {
    return Duration.of(Integer.toUnsignedLong(unsigned), ChronoUnit.MICROS);
  }
}
