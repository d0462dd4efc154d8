package io.podkit.fs.tree;

import io.podkit.fs.api.MappedFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The same where the kernel tells what changed, and only that is looked at. */
class ToldTreeCopyIT extends TreeCopyIT {

  @Override
  MappedFiles mapped() {
    return new MappedFiles(List.of("mapped".getBytes(StandardCharsets.UTF_8)), true);
  }
}
