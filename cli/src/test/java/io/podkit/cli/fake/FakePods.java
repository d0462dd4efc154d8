package io.podkit.cli.fake;

import io.podkit.core.api.Attachment;
import io.podkit.core.api.Attendance;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStats;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.RootedFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Pods in memory. */
public final class FakePods implements Pods {
  public final Map<String, PodStatus> pods = new LinkedHashMap<>();
  public final List<String> calls = new ArrayList<>();
  public final FakeAttachment attachment = new FakeAttachment();
  public final FakeFiles files = new FakeFiles();
  public final List<PodSpec> specs = new ArrayList<>();
  public final List<ExecSpec> execs = new ArrayList<>();

  /** Thrown by the call whose first word is the key. */
  public final Map<String, PodkitException> failures = new LinkedHashMap<>();

  public int exitCode;

  /** Layers that nobody needs. */
  public List<LayerDigest> prunable = List.of();

  public FakePods add(PodStatus pod) {
    pods.put(pod.name().value(), pod);
    return this;
  }

  private void called(String call, Object... details) throws PodkitException {
    StringBuilder text = new StringBuilder(call);
    for (Object detail : details) {
      text.append(' ').append(detail);
    }
    calls.add(text.toString());
    @Nullable PodkitException failure = failures.get(call);
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public PodStatus create(PodSpec spec) throws PodkitException {
    called("create", spec.name());
    specs.add(spec);
    PodStatus pod = Samples.pod(spec, PodState.CREATED);
    add(pod);
    return pod;
  }

  @Override
  public PodStatus start(PodName name) throws PodkitException {
    called("start", name);
    PodStatus pod = Samples.pod(status(name).spec(), PodState.RUNNING);
    add(pod);
    return pod;
  }

  @Override
  public PodStatus stop(PodName name, Duration grace) throws PodkitException {
    called("stop", name, grace);
    return status(name);
  }

  @Override
  public void kill(PodName name, int signal) throws PodkitException {
    called("kill", name, signal);
    status(name);
  }

  @Override
  public void remove(PodName name, boolean force, Duration grace) throws PodkitException {
    called("remove", name, force, grace);
    status(name);
    pods.remove(name.value());
  }

  @Override
  public List<PodStatus> list() throws PodkitException {
    called("list");
    return List.copyOf(pods.values());
  }

  @Override
  public PodStatus status(PodName name) throws PodkitException {
    PodStatus pod = pods.get(name.value());
    if (pod == null) {
      throw PodkitException.of(
          ErrorKind.NOT_FOUND,
          "no pod named " + name,
          new Hint("pod ps -a lists the pods of this host"));
    }
    return pod;
  }

  @Override
  public synchronized PodStats stats(PodName name, Duration interval) throws PodkitException {
    called("stats", name, interval);
    return new PodStats(
        status(name).name(),
        Duration.ofMillis(1500),
        12.345,
        64 << 20,
        OptionalLong.of(256 << 20),
        7,
        OptionalLong.empty(),
        1024,
        2_000_000);
  }

  @Override
  public Attachment exec(PodName name, ExecSpec spec) throws PodkitException {
    called("exec", name);
    execs.add(spec);
    return attachment;
  }

  @Override
  public Attachment attach(PodName name, boolean fromStart) throws PodkitException {
    called("attach", name, fromStart);
    return attachment;
  }

  @Override
  public int waitFor(PodName name) throws PodkitException {
    called("wait", name);
    status(name);
    return exitCode;
  }

  @Override
  public Attendance attend(PodName name) throws PodkitException {
    called("attend", name);
    return new Attendance() {
      @Override
      public void settle() throws PodkitException {
        FakePods.this.settle(name);
      }

      @Override
      public void close() throws PodkitException {
        called("unattend", name);
      }
    };
  }

  @Override
  public void settle(PodName name) throws PodkitException {
    called("settle", name);
  }

  @Override
  public void settleContainer(PodName name) throws PodkitException {
    called("settleContainer", name);
  }

  @Override
  public void sweep() throws PodkitException {
    called("sweep");
  }

  @Override
  public List<LayerDigest> prune() throws PodkitException {
    called("prune");
    return prunable;
  }

  @Override
  public RootedFiles ownFiles(PodName name) throws PodkitException {
    status(name);
    return files;
  }

  @Override
  public RootedFiles files(PodName name) throws PodkitException {
    status(name);
    return files;
  }
}
