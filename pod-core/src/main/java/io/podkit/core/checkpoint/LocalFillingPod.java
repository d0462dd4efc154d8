package io.podkit.core.checkpoint;

import io.podkit.core.api.FillingPod;
import io.podkit.core.api.MemoryDirectory;
import io.podkit.core.api.PodName;
import io.podkit.core.lifecycle.BorrowedMemory;
import io.podkit.error.PodkitException;
import java.nio.file.Path;

/** A pod whose memory is being fetched: its note is locked. */
final class LocalFillingPod implements FillingPod {
  private final PodName name;
  private final BorrowedMemory borrowed;
  private final MemoryDirectory memory;

  LocalFillingPod(PodName name, BorrowedMemory borrowed, MemoryDirectory memory) {
    this.name = name;
    this.borrowed = borrowed;
    this.memory = memory;
  }

  @Override
  public PodName name() {
    return name;
  }

  @Override
  public Path scratch(String directory) {
    return memory.existing(directory);
  }

  @Override
  public void complete() throws PodkitException {
    borrowed.settle();
  }

  @Override
  public void filled() throws PodkitException {
    memory.close();
  }

  @Override
  public void close() throws PodkitException {
    borrowed.close();
  }
}
