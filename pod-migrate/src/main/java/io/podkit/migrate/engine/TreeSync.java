package io.podkit.migrate.engine;

import io.podkit.core.api.PodTree;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreePass;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.Trees;
import io.podkit.migrate.api.FilePass;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.transport.BulkOutput;
import io.podkit.migrate.transport.ChannelIoException;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.resource.UndoStack;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * The pod's own trees on their way: a first pass while the pod writes to them, more until little is
 * left, a last one while it stands still, which can be repeated. One thread at a time; closing it
 * forgets what was sent.
 */
final class TreeSync implements AutoCloseable {
  /**
   * A slow disk on the target may take long over one pass; a dead target is noticed by the control
   * channel.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** A pass that takes no longer is as good in the freeze. */
  private static final Duration SHORT = Duration.ofMillis(100);

  /** What does not become less by then never will. */
  private static final int MOST_PASSES = 6;

  private final DataChannel channel;
  private final LongConsumer sent;
  private final Mapped mapped;
  private final Map<String, TreeSource> sources = new LinkedHashMap<>();
  private final List<FilePass> passes = new ArrayList<>();
  private final UndoStack open = new UndoStack("send the pod's files");

  /** Says which files the pod's processes have mapped now, by tree. */
  @FunctionalInterface
  interface Mapped {
    /** Asks. */
    Map<String, MappedFiles> now() throws PodkitException;
  }

  /**
   * Trees that nothing has been sent of.
   *
   * @param travelling in the order in which they are sent
   * @param sent told how many bytes went out
   */
  TreeSync(
      Trees trees, List<PodTree> travelling, Mapped mapped, DataChannel channel, LongConsumer sent)
      throws PodkitException {
    this.channel = channel;
    this.sent = sent;
    this.mapped = mapped;
    try {
      for (PodTree tree : travelling) {
        TreeSource source = trees.source(tree.directory(), kind(tree.kind()));
        open.push("forget " + tree.label(), source::close);
        sources.put(tree.label(), source);
      }
    } catch (PodkitException e) {
      open.close();
      throw e;
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
    pass(true, TreeSource::pass);
  }

  /** Makes passes until one is short, or no shorter than the one before. */
  void settle(CancelSwitch cancel) throws PodkitException {
    Duration before;
    do {
      before = lastTook();
      cancel.check();
      pass();
    } while (passes.size() < MOST_PASSES
        && lastTook().compareTo(SHORT) > 0
        && lastTook().multipliedBy(2).compareTo(before) < 0);
  }

  /** Whether what changed since the last pass would take long to send. */
  boolean isBehind() {
    return lastTook().compareTo(SHORT) > 0;
  }

  /** Sends the rest of every tree while nothing writes to them. */
  void lastPass() throws PodkitException {
    pass(false, TreeSource::lastPass);
  }

  /** Every pass so far. */
  List<FilePass> passes() {
    return List.copyOf(passes);
  }

  private Duration lastTook() {
    return passes.get(passes.size() - 1).took();
  }

  private interface Sending {
    TreePass send(TreeSource source, OutputStream out, MappedFiles mapped)
        throws PodkitException, IOException;
  }

  private void pass(boolean podRuns, Sending sending) throws PodkitException {
    long start = System.nanoTime();
    Map<String, MappedFiles> files = mapped.now();
    List<TreePass> parts = new ArrayList<>();
    for (Map.Entry<String, TreeSource> tree : sources.entrySet()) {
      MappedFiles here = files.getOrDefault(tree.getKey(), MappedFiles.UNKNOWN);
      parts.add(send(tree.getKey(), out -> sending.send(tree.getValue(), out, here)));
    }
    passes.add(
        new FilePass(
            passes.size() + 1,
            podRuns,
            parts.stream().anyMatch(TreePass::searched),
            sum(parts, TreePass::scanned),
            sum(parts, TreePass::changed),
            sum(parts, TreePass::deleted),
            sum(parts, TreePass::bytes),
            Duration.ofNanos(System.nanoTime() - start)));
  }

  private static long sum(List<TreePass> parts, ToLongFunction<TreePass> what) {
    return parts.stream().mapToLong(what).sum();
  }

  private interface Content {
    TreePass write(OutputStream out) throws PodkitException, IOException;
  }

  private TreePass send(String label, Content content) throws PodkitException {
    try (BulkOutput out = channel.begin(new Bulk.TreeBegin(label, passes.size()))) {
      TreePass pass = content.write(new Counting(out, sent));
      out.finish(new Bulk.TreeEnd(), PATIENCE);
      return pass;
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
