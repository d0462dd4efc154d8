package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.Attachment;
import io.podkit.core.api.ExecSpec;
import io.podkit.core.launch.PodLauncher;
import io.podkit.core.launch.PodTreePaths;
import io.podkit.core.launch.UserLookup;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Commands that users start in running pods. */
final class ExecSessions {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PodStore store;
  private final PodParts parts;
  private final PodObserver observer;
  private final PodLauncher launcher;
  private final ObjectMapper json;

  ExecSessions(
      PodStore store,
      PodParts parts,
      PodObserver observer,
      PodLauncher launcher,
      ObjectMapper json) {
    this.store = store;
    this.parts = parts;
    this.observer = observer;
    this.launcher = launcher;
    this.json = json;
  }

  /**
   * @param files the running pod's tree; owned by the attachment from now on
   */
  Attachment start(PodRecord record, InitProcess init, RootedFiles files, ExecSpec spec)
      throws PodkitException {
    byte[] random = new byte[6];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    String directory = PodTreePaths.exec(id);
    files.createDirectory(PodTreePaths.DIRECTORY + "/exec", 0_755);
    files.createDirectory(directory, 0_755);
    if (spec.interactive()) {
      files.createFifo(directory + "/" + PodTreePaths.STDIN, 0600);
    }
    Credentials who =
        spec.user() == null ? record.credentials() : UserLookup.in(files).resolve(spec.user());
    long supervisor;
    try {
      supervisor = launcher.exec(record, init, parts.cgroup(record.name()), id, who, spec);
    } catch (PodkitException e) {
      files.delete(directory);
      throw e;
    }
    PodEnding pod = new PodEnding(record, init, store, observer);
    return new CommandStreams(
        files,
        directory,
        supervisor,
        true,
        new ExecEnding(files, directory, supervisor, pod, json));
  }
}
