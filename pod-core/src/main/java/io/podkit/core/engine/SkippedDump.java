package io.podkit.core.engine;

import io.podkit.core.store.EngineArchive;
import io.podkit.criu.CriuBinary;
import io.podkit.criu.RestoreGate;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Has podman write the archive of a checkpoint without making one: the CRIU that it finds says that
 * the dump is done. What podman knows of a container and tells in no other way is in that archive.
 * The container runs on, untouched.
 */
public final class SkippedDump {
  private static final String ARCHIVE = "checkpoint.tar";
  private static final String CONFIG = "config.dump";
  private static final String SPEC = "spec.dump";
  private static final String DESCRIPTORS = "checkpoint/descriptors.json";

  private final Path podInit;

  /**
   * @param podInit the static helper
   */
  public SkippedDump(Path podInit) {
    this.podInit = podInit;
  }

  /**
   * Reads what podman writes.
   *
   * @param command how podman is called for that container: the program and its global options
   * @param id the container's
   * @param image its image's id
   * @param scratch a directory for programs and files, made if it is missing; nothing stays in it
   */
  public EngineArchive read(List<String> command, String id, String image, Path scratch)
      throws PodkitException {
    Path criu = CriuBinary.find().criu();
    Path programs = scratch.resolve("skip-bin");
    Path archive = scratch.resolve(ARCHIVE);
    try (UndoStack cleaning = new UndoStack("read what podman wrote")) {
      cleaning.push("remove it", () -> remove(archive, programs));
      RestoreGate.skipDumps(programs, podInit, criu);
      List<Object> words = new ArrayList<>(command.subList(1, command.size()));
      words.addAll(List.of("container", "checkpoint", "--leave-running", "--compress", "none"));
      // Whatever is mounted in it: nothing of that is dumped here.
      words.addAll(List.of("--ignore-rootfs", "--ignore-volumes", "--export", archive, id));
      String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/sbin:/usr/bin");
      Command.of(command.get(0), words.toArray())
          .env("PATH", programs + ":" + path)
          .runOrThrow("cannot have podman describe container " + id);
      return new EngineArchive(
          image, member(archive, CONFIG), member(archive, SPEC), member(archive, DESCRIPTORS));
    }
  }

  private static void remove(Path archive, Path programs) throws PodkitException {
    try {
      Files.deleteIfExists(archive);
      Files.deleteIfExists(programs.resolve("criu"));
      Files.deleteIfExists(programs);
    } catch (IOException e) {
      throw PodkitException.io("cannot remove " + archive, e);
    }
  }

  private static String member(Path archive, String name) throws PodkitException {
    return Command.of("tar", "--extract", "--to-stdout", "--file", archive, name)
        .runOrThrow("cannot read what podman wrote")
        .stdout();
  }
}
