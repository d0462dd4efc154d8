package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.AnnotationRule;
import io.podkit.core.api.ContainerHook;
import io.podkit.core.api.HookStatus;
import io.podkit.core.api.HostCheck;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.resource.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hook of one host. An engine refuses to start any container whose hook is not there: so it is
 * given a copy that lies with this host's pods, which neither an update nor the removal of Podkit's
 * programs touches.
 */
public final class LocalContainerHook implements ContainerHook {
  private static final String FILE = "podkit.json";

  private final Path program;
  private final Path copy;
  private final Path notes;
  private final ObjectMapper json;

  /**
   * @param program the static helper
   */
  public LocalContainerHook(HostDirs dirs, Path program, ObjectMapper json) {
    this.program = program;
    copy = program(dirs);
    notes = dirs.containerNotes();
    this.json = json;
  }

  /**
   * How the hook of a host is called, to be put into a container's description: the program, then
   * its words; empty if none was ever installed there.
   */
  public static List<String> call(HostDirs dirs) {
    Path program = program(dirs);
    return Files.isExecutable(program)
        ? List.of(
            program.toString(), HookFile.NAME, HookFile.VERB, dirs.containerNotes().toString())
        : List.of();
  }

  private static Path program(HostDirs dirs) {
    return dirs.root().resolve("hook").resolve("pod-hook");
  }

  @Override
  public HookStatus install(Path directory, List<AnnotationRule> annotations)
      throws PodkitException {
    Path file = directory.resolve(FILE);
    refuseForeign(file);
    try {
      copyProgram();
      Files.createDirectories(directory);
      // The program first: an engine may read the file the moment it is there.
      DurableFile.write(file, HookFile.of(copy, notes, annotations).encode(json));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException e) {
      throw failed("cannot install the hook in " + directory, e);
    }
    return status(directory);
  }

  private void refuseForeign(Path file) throws PodkitException {
    if (Files.exists(file) && read(file) == null) {
      throw PodkitException.of(
          ErrorKind.CONFLICT,
          file + " is there already and is not Podkit's",
          new Hint("move it away, or choose another directory with --hooks-dir"));
    }
  }

  private void copyProgram() throws IOException {
    Path fresh = copy.resolveSibling("pod-hook.new");
    Files.createDirectories(fresh.getParent());
    Files.copy(program, fresh, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    flush(fresh);
    Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
    flush(Objects.requireNonNull(copy.getParent(), "directory of " + copy));
  }

  /** An engine must never find a half of it: it would start no container. */
  private static void flush(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      file.force(true);
    }
  }

  @Override
  public HookStatus uninstall(Path directory) throws PodkitException {
    Path file = directory.resolve(FILE);
    refuseForeign(file);
    try {
      // The program stays: an engine may be about to call it, or be told to from another directory.
      DurableFile.delete(file);
    } catch (IOException e) {
      throw failed("cannot remove the hook from " + directory, e);
    }
    return status(directory);
  }

  @Override
  public HookStatus status(Path directory) throws PodkitException {
    Path file = directory.resolve(FILE);
    List<HostCheck> checks = new ArrayList<>();
    HookFile installed = read(file);
    if (installed == null) {
      boolean there = Files.exists(file);
      checks.add(
          new HostCheck(
              "file",
              HostCheck.Level.BLOCKS,
              there ? "not Podkit's" : "not there",
              there ? "move it away, then pod hook install" : "pod hook install"));
      return new HookStatus(false, file, notes, List.of(), checks);
    }
    checks.add(new HostCheck("file", HostCheck.Level.OK, "installed", null));
    checks.add(program(installed.hook().path()));
    if (!installed.notes().equals(notes.toString())) {
      checks.add(
          new HostCheck(
              "notes",
              HostCheck.Level.BLOCKS,
              "go to another Podkit, in " + installed.notes(),
              "pod hook install has them come here, or say --run as the other one does"));
    }
    return new HookStatus(true, file, notes, installed.rules(), checks);
  }

  /** Engines start nothing while a hook that they are told to call is missing. */
  private HostCheck program(Path called) throws PodkitException {
    String cure = "pod hook install, or pod hook uninstall";
    if (!Files.isExecutable(called)) {
      return new HostCheck(
          "program",
          HostCheck.Level.BLOCKS,
          called + " is not there: engines refuse to start containers",
          cure);
    }
    try {
      for (Path above = called.getParent(); above != null; above = above.getParent()) {
        if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return new HostCheck(
              "program",
              HostCheck.Level.NOTE,
              called + " is out of reach for users without root: no container of theirs starts",
              "if there are such users: chmod o+x " + above);
        }
      }
      boolean same = Files.exists(program) && Files.mismatch(called, program) < 0;
      return same
          ? new HostCheck("program", HostCheck.Level.OK, called.toString(), null)
          : new HostCheck(
              "program",
              HostCheck.Level.NOTE,
              called + " is of another version of Podkit",
              "pod hook install");
    } catch (IOException e) {
      throw PodkitException.io("cannot look at the hook " + called, e);
    }
  }

  /** Null if there is none, or none of ours. */
  private @Nullable HookFile read(Path file) throws PodkitException {
    try {
      return HookFile.decode(Files.readAllBytes(file), json);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw failed("cannot read " + file, e);
    }
  }

  private static PodkitException failed(String what, IOException cause) {
    PodkitException failure = PodkitException.io(what, cause);
    return cause instanceof AccessDeniedException
        ? failure.withHint(new Hint("do it as root"))
        : failure;
  }
}
