package io.podkit.migrate.memory.transfer;

import io.podkit.migrate.api.Compression;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Which codec makes the next batch arrive soonest. Now and then a sample is packed with each, which
 * tells how fast and how small; how long sending takes tells the link. A host without idle
 * processors counts the work of packing several times: the pod needs them. Not thread-safe.
 */
final class CodecChoice {
  private static final int PROBE_EVERY = 64;
  private static final int SAMPLE = 64 << 10;

  /** How much a new measurement counts beside the old ones. */
  private static final double WEIGHT = 0.2;

  /** Below this share of idle processors packing takes them from the pod. */
  private static final double BUSY = 0.15;

  private static final double COST_WHEN_BUSY = 4;

  private final Compression wanted;
  private final DoubleSupplier idle;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(Codec.bound(SAMPLE));
  private final Map<Codec, Known> known = new EnumMap<>(Codec.class);
  private double linkNanosPerByte;
  private int batches;
  private Codec current = Codec.NONE;

  /**
   * @param idle the share of this host's processors that nobody uses, 0 to 1
   */
  CodecChoice(Compression wanted, DoubleSupplier idle) {
    this.wanted = wanted;
    this.idle = idle;
    for (Codec codec : Codec.values()) {
      known.put(codec, new Known(0, 1));
    }
  }

  /**
   * What was learnt of a codec.
   *
   * @param packNanos a byte; 0 if it was never tried
   * @param ratio packed bytes to raw ones
   */
  private record Known(double packNanos, double ratio) {
    Known with(double newPackNanos, double newRatio) {
      return packNanos == 0
          ? new Known(newPackNanos, newRatio)
          : new Known(mixed(packNanos, newPackNanos), mixed(ratio, newRatio));
    }
  }

  private static double mixed(double before, double now) {
    return before + WEIGHT * (now - before);
  }

  /** The codec for a batch of that content. */
  Codec next(ByteBuffer content) {
    switch (wanted) {
      case NONE -> {
        return Codec.NONE;
      }
      case LZ4 -> {
        return Codec.LZ4;
      }
      case ZSTD -> {
        return Codec.ZSTD;
      }
      case AUTO -> {
        if (content.remaining() >= SAMPLE && batches++ % PROBE_EVERY == 1) {
          probe(content);
          current = best();
        }
        return current;
      }
    }
    throw new IllegalStateException("unknown compression " + wanted);
  }

  private void probe(ByteBuffer content) {
    ByteBuffer sample = content.duplicate().limit(content.position() + SAMPLE);
    for (Codec codec : new Codec[] {Codec.LZ4, Codec.ZSTD}) {
      long began = System.nanoTime();
      int packed = codec.pack(sample, scratch).remaining();
      double nanos = System.nanoTime() - began;
      learn(codec, nanos / SAMPLE, packed / (double) SAMPLE);
    }
  }

  private void learn(Codec codec, double packNanos, double ratio) {
    known.computeIfPresent(codec, (which, before) -> before.with(packNanos, ratio));
  }

  private Codec best() {
    double cost = idle.getAsDouble() < BUSY ? COST_WHEN_BUSY : 1;
    Codec best = Codec.NONE;
    double soonest = Double.MAX_VALUE;
    for (Map.Entry<Codec, Known> entry : known.entrySet()) {
      Known codec = entry.getValue();
      double nanos = codec.packNanos() * cost + codec.ratio() * linkNanosPerByte;
      if (nanos < soonest) {
        soonest = nanos;
        best = entry.getKey();
      }
    }
    return best;
  }

  /** Learns from a batch that was sent. */
  void sent(Codec codec, int rawBytes, int wireBytes, long packNanos, long sendNanos) {
    if (wireBytes >= SAMPLE) {
      double measured = sendNanos / (double) wireBytes;
      linkNanosPerByte = linkNanosPerByte == 0 ? measured : mixed(linkNanosPerByte, measured);
    }
    if (codec != Codec.NONE && rawBytes >= SAMPLE) {
      learn(codec, packNanos / (double) rawBytes, wireBytes / (double) rawBytes);
    }
  }
}
