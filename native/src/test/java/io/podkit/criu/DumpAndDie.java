package io.podkit.criu;

import io.podkit.criu.CriuOptions.Switch;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Pid;
import io.podkit.linux.PosixSpawner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM that freezes a process for a dump and is then killed. */
final class DumpAndDie {

  private DumpAndDie() {}

  /** Dumps DUMP_PID into DUMP_IMAGES, makes DUMP_FROZEN when it stands still, and dies. */
  public static void main(String[] args) throws Exception {
    JnrSyscalls sys = JnrSyscalls.load();
    CriuOptions options =
        CriuOptions.in(Path.of(System.getenv("DUMP_IMAGES")))
            .on(Switch.NO_NETWORK_LOCK, Switch.EMPTY_NETWORK_NAMESPACE, Switch.IGNORE_CGROUPS)
            .pid(Pid.parse(System.getenv("DUMP_PID")))
            .build();
    CriuNotify die =
        new CriuNotify() {
          @Override
          public void postDump() {
            try {
              Files.createFile(Path.of(System.getenv("DUMP_FROZEN")));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            // As SIGKILL would: no hook, no finally.
            Runtime.getRuntime().halt(9);
          }
        };
    new HostCriu(CriuBinary.find(), sys, new PosixSpawner(sys)).dump(options, die);
  }
}
