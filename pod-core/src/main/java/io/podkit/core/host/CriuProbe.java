package io.podkit.core.host;

import static io.podkit.core.host.Findings.blocks;
import static io.podkit.core.host.Findings.ok;

import io.podkit.core.api.HostCheck;
import io.podkit.core.checkpoint.CriuWorkers;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether CRIU is there, new enough, and really can freeze and thaw a pod on this kernel. */
final class CriuProbe implements Probe {
  private static final String CURE = "run ./dev setup, or install CRIU 4.2 or newer";

  private final CriuWorkers criu;
  private final Path podInit;
  private final HostDirs dirs;
  private final TrialPod.Opener opener;

  CriuProbe(CriuWorkers criu, Path podInit, HostDirs dirs, TrialPod.Opener opener) {
    this.criu = criu;
    this.podInit = podInit;
    this.dirs = dirs;
    this.opener = opener;
  }

  @Override
  public List<HostCheck> look() {
    List<HostCheck> checks = new ArrayList<>();
    try {
      checks.add(ok("criu", "version " + criu.plain().version()));
    } catch (PodkitException e) {
      checks.add(blocks("criu", e.what(), cure(e)));
      return checks;
    }
    try {
      new TrialPod(podInit, dirs, opener).freezeAndThaw();
      checks.add(ok("criu at work", "a pod was frozen and thawed"));
    } catch (PodkitException e) {
      checks.add(blocks("criu at work", e.what(), cure(e)));
    }
    return checks;
  }

  private static String cure(PodkitException e) {
    Hint hint = e.hint();
    return hint == null ? CURE : hint.text();
  }
}
