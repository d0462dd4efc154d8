package io.podkit.migrate.memory.transfer;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.transport.DataChannel;

/** Where the batches of one lane go. Used by that lane's thread only. */
public interface BatchSink {
  /** Takes a batch, whose buffers are the caller's again when this returns. */
  void send(Bulk.PageBatch batch) throws PodkitException;

  /** Has everything leave that was taken so far. */
  void flush() throws PodkitException;

  /** The target, over one of its data channels. */
  static BatchSink over(DataChannel channel) {
    return new BatchSink() {
      @Override
      public void send(Bulk.PageBatch batch) throws PodkitException {
        channel.send(batch);
      }

      @Override
      public void flush() throws PodkitException {
        channel.flush();
      }
    };
  }
}
