package io.podkit.migrate.engine;

import io.podkit.core.api.Attachment;
import io.podkit.core.api.Attendance;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodStats;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.RootedFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pods that can only be listed. */
final class ListedPods implements Pods {
  final List<PodStatus> all = new ArrayList<>();

  @Override
  public List<PodStatus> list() {
    return List.copyOf(all);
  }

  @Override
  public PodStatus create(PodSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodStatus start(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodStatus stop(PodName name, Duration grace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void kill(PodName name, int signal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void remove(PodName name, boolean force, Duration grace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodStatus status(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PodStats stats(PodName name, Duration interval) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Attachment exec(PodName name, ExecSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Attachment attach(PodName name, boolean fromStart) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int waitFor(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Attendance attend(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void settleContainer(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void settle(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sweep() {}

  @Override
  public List<LayerDigest> prune() {
    throw new UnsupportedOperationException();
  }

  @Override
  public RootedFiles ownFiles(PodName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RootedFiles files(PodName name) {
    throw new UnsupportedOperationException();
  }
}
