package io.podkit.cli.context;

import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Pki;
import java.nio.file.Path;

/** Where the commands get the engines of a host from. */
public interface Engines {
  /** The real ones, each loaded when it is asked for. */
  Engines REAL = new RealEngines();

  /** Says that a pod will be changed, so that what this needs can be loaded meanwhile. */
  void preload();

  /** The pods of the host whose state lies in {@code dirs}. */
  PodRuntime runtime(HostDirs dirs) throws PodkitException;

  /** Moving pods from and to that host. */
  Migrations migrations(PodRuntime runtime);

  /** The keys under that {@code --root}. */
  Pki pki(Path root);
}
