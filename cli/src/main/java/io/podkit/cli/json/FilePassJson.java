package io.podkit.cli.json;

import io.podkit.migrate.api.FilePass;

/**
 * One pass over a pod's own files.
 *
 * @param pass from 1
 * @param podRan whether the pod ran meanwhile
 * @param searched whether all files were looked at; else only those of which the kernel told
 * @param scanned entries looked at
 * @param changed entries of which content was sent
 * @param deleted entries removed on the target
 * @param bytes bytes sent
 * @param ms until the target had applied it, in milliseconds
 */
public record FilePassJson(
    int pass,
    boolean podRan,
    boolean searched,
    long scanned,
    long changed,
    long deleted,
    long bytes,
    double ms) {

  static FilePassJson of(FilePass pass) {
    return new FilePassJson(
        pass.number(),
        pass.podRan(),
        pass.searched(),
        pass.scanned(),
        pass.changed(),
        pass.deleted(),
        pass.bytesSent(),
        Shapes.millis(pass.took()));
  }
}
