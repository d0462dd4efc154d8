package io.podkit.migrate.api;

/**
 * Hears what happens in a migration, on the migration's own threads; must return at once and not
 * throw.
 */
@FunctionalInterface
public interface MigrationListener {
  MigrationListener SILENT = event -> {};

  void on(MigrationEvent event);
}
