package io.podkit.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.podkit.core.api.AnnotationRule;
import io.podkit.core.api.HookStatus;
import io.podkit.core.api.HostCheck;
import io.podkit.core.store.Json;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalContainerHookTest {
  @TempDir Path directory;
  private Path hooks;
  private Path program;
  private Path run;
  private LocalContainerHook hook;

  @BeforeEach
  void open() throws IOException {
    hooks = directory.resolve("hooks.d");
    program = Files.writeString(directory.resolve("pod-init"), "#!/bin/true\n");
    run = directory.resolve("run");
    hook = hook(run);
  }

  private LocalContainerHook hook(Path itsRun) {
    return new LocalContainerHook(
        new HostDirs(directory.resolve("root"), itsRun), program, Json.mapper());
  }

  private static HostCheck.Level level(HookStatus status, String subject) {
    return status.checks().stream()
        .filter(check -> check.subject().equals(subject))
        .findFirst()
        .orElseThrow()
        .level();
  }

  @Test
  void install_writesWhatEnginesRead() throws Exception {
    HookStatus status =
        hook.install(
            hooks, List.of(AnnotationRule.parse("io.podkit=a+b"), AnnotationRule.parse("m")));

    assertThat(status.works()).isTrue();
    assertThat(status.annotations()).extracting(Object::toString).contains("io.podkit=a+b", "m");
    JsonNode file = Json.mapper().readTree(hooks.resolve("podkit.json").toFile());
    Path called = Path.of(file.path("hook").path("path").textValue());
    assertThat(file.path("version").textValue()).isEqualTo("1.0.0");
    assertThat(called).isExecutable().hasSameBinaryContentAs(program);
    assertThat(file.path("hook").path("args"))
        .hasToString("[\"pod-hook\",\"hook\",\"" + run.resolve("containers") + "\"]");
    assertThat(file.path("stages")).hasToString("[\"createRuntime\"]");
    assertThat(file.path("when"))
        .hasToString("{\"annotations\":{\"^io\\\\.podkit$\":\"^a\\\\+b$\",\"^m$\":\".*\"}}");
    assertThat(Files.getPosixFilePermissions(hooks.resolve("podkit.json"))).hasSize(4);
  }

  @Test
  void install_withoutRulesIsForAllContainers() throws Exception {
    hook.install(hooks, List.of(AnnotationRule.parse("a")));
    hook.install(hooks, List.of());
    assertThat(Json.mapper().readTree(hooks.resolve("podkit.json").toFile()).path("when"))
        .hasToString("{\"always\":true}");
    assertThat(hook.status(hooks).works()).isTrue();
  }

  @Test
  void status_seesWhatIsWrong() throws Exception {
    assertThat(hook.status(hooks).installed()).isFalse();
    assertThat(level(hook.status(hooks), "file")).isEqualTo(HostCheck.Level.BLOCKS);

    hook.install(hooks, List.of());
    assertThat(level(hook(directory.resolve("other")).status(hooks), "notes"))
        .isEqualTo(HostCheck.Level.BLOCKS);

    Files.writeString(program, "newer");
    assertThat(level(hook.status(hooks), "program")).isEqualTo(HostCheck.Level.NOTE);
    assertThat(hook.status(hooks).works()).isTrue();

    Files.delete(directory.resolve("root/hook/pod-hook"));
    assertThat(level(hook.status(hooks), "program")).isEqualTo(HostCheck.Level.BLOCKS);
    assertThat(hook.status(hooks).works()).isFalse();
  }

  @Test
  void uninstall_leavesTheProgramToEnginesThatMayBeAboutToCallIt() throws Exception {
    hook.install(hooks, List.of());
    assertThat(hook.uninstall(hooks).installed()).isFalse();
    assertThat(hooks).isEmptyDirectory();
    assertThat(directory.resolve("root/hook/pod-hook")).isExecutable();
    assertThat(hook.uninstall(hooks).installed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "{}",
        "null",
        "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/x\"},\"when\":{},\"stages\":[]}",
        "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/x\",\"args\":[\"a\",\"b\",\"c\"]},"
            + "\"when\":{\"always\":true},\"stages\":[\"createRuntime\"]}",
        "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"\\u0000\",\"args\":[\"a\",\"hook\",\"c\"]},"
            + "\"when\":{\"always\":true},\"stages\":[\"createRuntime\"]}",
        "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/x\",\"args\":[\"a\",\"hook\",\"c\"]},"
            + "\"when\":{\"annotations\":{\"^$\":\"b\"}},\"stages\":[\"createRuntime\"]}",
        "{\"version\":\"1.0.0\",\"hook\":{\"path\":\"/x\",\"args\":[\"a\",\"hook\",\"c\"]},"
            + "\"when\":{\"annotations\":{\"a\":null}},\"stages\":[\"createRuntime\"]}"
      })
  void aForeignFileIsLeftAlone(String content) throws Exception {
    Files.createDirectories(hooks);
    Path file = Files.writeString(hooks.resolve("podkit.json"), content);
    assertThatThrownBy(() -> hook.install(hooks, List.of())).isInstanceOf(PodkitException.class);
    assertThatThrownBy(() -> hook.uninstall(hooks)).isInstanceOf(PodkitException.class);
    assertThat(hook.status(hooks).works()).isFalse();
    assertThat(file).hasContent(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "^$", "\\", "a|b", "[x](y){z}", "*+?", "ä €", "a\nb"})
  void patternsMatchTheirTextAlone(String text) {
    String pattern = AnnotationPattern.exactly(text);
    assertThat(Pattern.compile(pattern).matcher(text).find()).isTrue();
    assertThat(Pattern.compile(pattern).matcher(text + "x").find()).isFalse();
    assertThat(Pattern.compile(pattern).matcher("x" + text).find()).isFalse();
    assertThat(AnnotationPattern.meant(pattern)).isEqualTo(text);
  }
}
