package io.podkit.migrate.engine;

import io.podkit.core.api.PodTree;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.Trees;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.transport.BulkOutput;
import io.podkit.migrate.transport.ChannelIoException;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.resource.UndoStack;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The pod's own trees on their way: a first pass while the pod writes to them, a last one while it
 * stands still, which can be repeated. One thread at a time; closing it forgets what was sent.
 */
final class TreeSync implements AutoCloseable {
  /**
   * A slow disk on the target may take long over one pass; a dead target is noticed by the control
   * channel.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final DataChannel channel;
  private final LongConsumer sent;
  private final Map<String, TreeSource> sources = new LinkedHashMap<>();
  private final UndoStack open = new UndoStack("send the pod's files");
  private int pass;

  /**
   * Trees that nothing has been sent of.
   *
   * @param travelling in the order in which they are sent
   * @param sent told how many bytes went out
   */
  TreeSync(Trees trees, List<PodTree> travelling, DataChannel channel, LongConsumer sent)
      throws PodkitException {
    this.channel = channel;
    this.sent = sent;
    for (PodTree tree : travelling) {
      TreeSource source = trees.source(tree.directory(), kind(tree.kind()));
      open.push("forget " + tree.label(), source::close);
      sources.put(tree.label(), source);
    }
  }

  static TreeKind kind(PodTree.Kind kind) {
    return switch (kind) {
      case UPPER -> TreeKind.UPPER;
      case DEV -> TreeKind.DEV;
      case SHM, VOLUME -> TreeKind.PLAIN;
    };
  }

  /** Sends every tree as it is now; what changes meanwhile comes with the next pass. */
  void pass() throws PodkitException {
    for (Map.Entry<String, TreeSource> tree : sources.entrySet()) {
      send(tree.getKey(), tree.getValue()::pass);
    }
    pass++;
  }

  /** Sends the rest of every tree while nothing writes to them. */
  void lastPass() throws PodkitException {
    for (Map.Entry<String, TreeSource> tree : sources.entrySet()) {
      send(tree.getKey(), tree.getValue()::lastPass);
    }
  }

  private interface Pass {
    void run(OutputStream out) throws PodkitException, IOException;
  }

  private void send(String label, Pass content) throws PodkitException {
    try (BulkOutput out = channel.begin(new Bulk.TreeBegin(label, pass))) {
      content.run(new Counting(out, sent));
      out.finish(new Bulk.TreeEnd(), PATIENCE);
    } catch (IOException e) {
      throw ChannelIoException.unwrap("sending " + label, e);
    }
  }

  /** Counts what goes through it. */
  static final class Counting extends FilterOutputStream {
    private final LongConsumer counter;

    Counting(OutputStream out, LongConsumer counter) {
      super(out);
      this.counter = counter;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      counter.accept(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      counter.accept(length);
    }
  }

  @Override
  public void close() throws PodkitException {
    open.close();
  }
}
