package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container whose first process is 7, beside others. */
class SharedNamespacesTest {
  @TempDir Path proc;

  /** Each namespace is one of its own, but that one. */
  private void process(String name, String kind, String shared) throws IOException {
    Path ns = Files.createDirectories(proc.resolve(name).resolve("ns"));
    for (String each : List.of("pid", "net", "ipc", "uts")) {
      String which = each.equals(kind) ? shared : "of-" + name;
      Files.createSymbolicLink(ns.resolve(each), Path.of(each + ":[" + which + "]"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pid", "net", "ipc", "uts"})
  void whoeverSharesOneAndIsNotInItsGroup_isFound(String kind) throws Exception {
    process("7", "", "");
    process("8", kind, "of-7");
    process("9", kind, "of-7");
    process("10", "", "");
    assertThat(SharedNamespaces.neighbours(proc, 7, () -> List.of(7L, 8L))).containsExactly(9L);
  }

  @Test
  void whatItStartsMeanwhile_isNone() throws Exception {
    process("7", "", "");
    process("8", "net", "of-7");
    process("9", "net", "of-7");
    assertThat(
            SharedNamespaces.neighbours(
                proc,
                7,
                () -> {
                  end("9");
                  return List.of(7L, 8L);
                }))
        .isEmpty();
  }

  private void end(String name) {
    try {
      Files.move(proc.resolve(name), proc.resolve("ended"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anEndedProcess_sharesNothing() throws Exception {
    Files.createDirectories(proc.resolve("7/ns"));
    Files.createDirectories(proc.resolve("8/ns"));
    assertThat(SharedNamespaces.neighbours(proc, 7, List::of)).isEmpty();
    assertThat(SharedNamespaces.sharesOurs(proc, 7)).isFalse();
  }

  @Test
  void ourOwnProcessIds_areSeen() throws Exception {
    process("self", "", "");
    process("7", "pid", "of-self");
    process("8", "", "");
    assertThat(SharedNamespaces.sharesOurs(proc, 7)).isTrue();
    assertThat(SharedNamespaces.sharesOurs(proc, 8)).isFalse();
  }
}
