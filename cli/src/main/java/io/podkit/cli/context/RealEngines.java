package io.podkit.cli.context;

import io.podkit.core.api.PodRuntime;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Pki;
import java.nio.file.Path;

/** The engines of this program. */
final class RealEngines implements Engines {
  @Override
  public void preload() {
    PodRuntime.preload();
  }

  @Override
  public PodRuntime runtime(HostDirs dirs) throws PodkitException {
    return PodRuntime.open(dirs);
  }

  @Override
  public Migrations migrations(PodRuntime runtime) {
    return Migrations.of(runtime);
  }

  @Override
  public Pki pki(Path root) {
    return Pki.open(root);
  }
}
