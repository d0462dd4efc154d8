package io.podkit.fs.storage;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.HostStorage;
import io.podkit.fs.dir.PrivateDirectory;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The disk that one host keeps its pods on. */
public final class PodStorage implements HostStorage {

  private final Syscalls sys;
  private final HostDirs dirs;

  /** The disk beneath those directories; touches nothing yet. */
  public PodStorage(Syscalls sys, HostDirs dirs) {
    this.sys = sys;
    this.dirs = dirs;
  }

  @Override
  public FileNeeds needs(List<Path> trees) throws PodkitException {
    NeedsSurvey survey = new NeedsSurvey(sys);
    for (Path tree : trees) {
      try {
        survey.add(tree);
      } catch (IOException e) {
        throw PodkitException.io("cannot read " + tree, e);
      }
    }
    return survey.result();
  }

  @Override
  public List<Unfit> unfit(FileNeeds needs) throws PodkitException {
    try {
      // Beside the pods, which lie on the same filesystem; a pod's own name it cannot be.
      Path trials = dirs.root().resolve("trials");
      PrivateDirectory.create(trials);
      Path directory = Files.createTempDirectory(trials, "trial-");
      try {
        return new StorageTrial(sys, directory).run(needs);
      } finally {
        new TreeRemover(sys).remove(directory);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot try out what can be kept under " + dirs.root(), e);
    }
  }
}
