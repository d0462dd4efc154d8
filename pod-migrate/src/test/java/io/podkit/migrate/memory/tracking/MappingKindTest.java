package io.podkit.migrate.memory.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.procfs.MemoryMapping;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingKindTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "rw-p, 0, \"\", PRIVATE",
        "---p, 0, \"\", PRIVATE",
        "rw-p, 0, [heap], PRIVATE",
        "rw-p, 0, [stack], PRIVATE",
        "rw-p, 0, [anon:a name], PRIVATE",
        "rw-p, 4711, /usr/lib/libc.so.6, PRIVATE",
        "rw-p, 4711, /tmp/x (deleted), PRIVATE",
        "rw-s, 2048, /dev/zero (deleted), OBJECT",
        "rw-s, 2048, /memfd:a b (deleted), OBJECT",
        "rw-s, 3, /SYSV00000000 (deleted), OBJECT",
        "rw-s, 4711, /tmp/x, LEFT_TO_CRIU",
        "rw-s, 4711, /dev/shm/x, LEFT_TO_CRIU",
        "rw-s, 9, /dev/zero, LEFT_TO_CRIU",
        "r--p, 0, [vvar], LEFT_TO_CRIU",
        "r--p, 0, [vvar_vclock], LEFT_TO_CRIU",
        "r-xp, 0, [vdso], LEFT_TO_CRIU",
        "--xp, 0, [vsyscall], LEFT_TO_CRIU",
        "rw-p, 5, /dev/shm/x, LEFT_TO_CRIU",
        "rw-p, 5, /memfd:a b (deleted), LEFT_TO_CRIU",
        "rw-s, 5, /[aio] (deleted), LEFT_TO_CRIU"
      })
  void mapping_isCarriedByWhoKnowsIt(
      String permissions, long inode, String name, MappingKind kind) {
    MemoryMapping mapping = new MemoryMapping(0x1000, 0x2000, permissions, 0, 0, 1, inode, name);
    assertThat(MappingKind.of(mapping)).isEqualTo(kind);
  }
}
