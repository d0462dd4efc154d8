package io.podkit.migrate.api;

import java.time.Duration;

/**
 * One pass over a running pod's memory. Every dirty page had one fate: its content was sent, or it
 * was zero, or the target had that content already, or it had not changed after all.
 *
 * @param number from 1
 * @param pagesScanned pages found dirty when it began; all of them in the first round
 * @param bytesSent bytes on the wire
 * @param took how long it lasted
 * @param dirtyBytes memory that the pod had dirtied again at its end, in bytes
 * @param dirtyBytesPerSecond how fast the pod dirtied memory during it
 * @param throughputBytesPerSecond how fast page contents were carried, before compression
 * @param zeroPages pages of zeros, told by number only
 * @param referencedPages pages whose content the target had from elsewhere
 * @param unchangedPages pages that were written to with what they held
 */
public record MemoryRound(
    int number,
    long pagesScanned,
    long bytesSent,
    Duration took,
    long dirtyBytes,
    long dirtyBytesPerSecond,
    long throughputBytesPerSecond,
    long zeroPages,
    long referencedPages,
    long unchangedPages) {}
