package io.podkit.migrate.memory.tracking;

import io.podkit.procfs.MemoryMapping;
import java.util.Set;

/** Who carries the pages of a mapping. */
enum MappingKind {
  /** Pages of the process's own, anonymous or copied from a file on writing: we do. */
  PRIVATE,
  /** Memory that processes share and no file keeps: anonymous, memfd, System V. We do. */
  OBJECT,
  /** Files, which travel as files, and what the kernel makes for each process anew: CRIU does. */
  LEFT_TO_CRIU;

  private static final Set<String> MADE_BY_THE_KERNEL =
      Set.of("[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]", "[uprobes]", "[gate]");

  static MappingKind of(MemoryMapping mapping) {
    String name = mapping.name();
    if (mapping.isShared()) {
      boolean object =
          name.startsWith("/dev/zero (deleted)")
              || name.startsWith("/memfd:")
              || name.startsWith("/SYSV");
      return object ? OBJECT : LEFT_TO_CRIU;
    }
    boolean special =
        MADE_BY_THE_KERNEL.contains(name)
            || name.startsWith("/dev/")
            || name.startsWith("/[aio]")
            || name.startsWith("/anon_hugepage")
            || name.startsWith("/memfd:");
    return special ? LEFT_TO_CRIU : PRIVATE;
  }
}
