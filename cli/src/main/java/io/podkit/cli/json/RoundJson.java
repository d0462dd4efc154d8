package io.podkit.cli.json;

import io.podkit.migrate.api.MemoryRound;

/**
 * One pass over a running pod's memory.
 *
 * @param round its number, from 1
 * @param ms how long it lasted, in milliseconds
 * @param pagesScanned pages found dirty when it began
 * @param bytesSent bytes on the wire
 * @param dirtyBytes memory that was dirty again at its end
 * @param dirtyBytesPerSecond how fast the pod dirtied memory during it
 * @param throughputBytesPerSecond how fast page contents were carried, before compression
 * @param zeroPages pages of zeros
 * @param referencedPages pages whose content the target had
 * @param unchangedPages pages that were written to with what they held
 */
public record RoundJson(
    int round,
    double ms,
    long pagesScanned,
    long bytesSent,
    long dirtyBytes,
    long dirtyBytesPerSecond,
    long throughputBytesPerSecond,
    long zeroPages,
    long referencedPages,
    long unchangedPages) {
  static RoundJson of(MemoryRound round) {
    return new RoundJson(
        round.number(),
        Shapes.millis(round.took()),
        round.pagesScanned(),
        round.bytesSent(),
        round.dirtyBytes(),
        round.dirtyBytesPerSecond(),
        round.throughputBytesPerSecond(),
        round.zeroPages(),
        round.referencedPages(),
        round.unchangedPages());
  }
}
