package io.podkit.core.container;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.AnnotationRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file that tells an engine of the hook, schema 1.0.0 of hooks.d.
 *
 * @param version of the schema
 * @param hook what is called
 * @param when for which containers
 * @param stages at which points of their lives
 */
record HookFile(String version, Call hook, When when, List<String> stages) {
  private static final String VERSION = "1.0.0";

  /**
   * The container's process and its namespaces are there then, and it is reached both when a
   * container is started and when it is restored. No later stage tells more: {@code poststop} has
   * no pid, and a failing {@code poststart} would kill the container.
   */
  private static final String STAGE = "createRuntime";

  static final String NAME = "pod-hook";
  static final String VERB = "hook";

  /** {@code args} has the program's name first. */
  record Call(Path path, List<String> args) {}

  /** Either {@code always}, or regular expressions for keys and values, all of which must match. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record When(@Nullable Boolean always, @Nullable Map<String, String> annotations) {}

  static HookFile of(Path program, Path notes, List<AnnotationRule> rules) {
    Map<String, String> patterns = new TreeMap<>();
    for (AnnotationRule rule : rules) {
      patterns.put(
          AnnotationPattern.exactly(rule.key()),
          rule.value() == null ? AnnotationPattern.ANY : AnnotationPattern.exactly(rule.value()));
    }
    When when = rules.isEmpty() ? new When(true, null) : new When(null, patterns);
    return new HookFile(
        VERSION, new Call(program, List.of(NAME, VERB, notes.toString())), when, List.of(STAGE));
  }

  /** Null if that is not what {@link #encode} writes, give or take what somebody edited. */
  static @Nullable HookFile decode(byte[] bytes, ObjectMapper json) {
    try {
      @Nullable HookFile file = json.readValue(bytes, HookFile.class);
      boolean ours =
          file != null
              && VERSION.equals(file.version)
              && file.hook != null
              && file.hook.path != null
              && file.hook.args.size() == 3
              && file.hook.args.get(1).equals(VERB)
              && file.when != null
              && file.stages.contains(STAGE)
              && file.hasRules();
      return ours ? file : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether {@link #rules} can tell what somebody may have edited. */
  private boolean hasRules() {
    return when.annotations == null
        || when.annotations.entrySet().stream()
            .allMatch(
                rule ->
                    rule.getValue() != null && !AnnotationPattern.meant(rule.getKey()).isEmpty());
  }

  byte[] encode(ObjectMapper json) throws IOException {
    return json.writeValueAsBytes(this);
  }

  /** Where the hook leaves its notes. */
  String notes() {
    return hook.args.get(2);
  }

  List<AnnotationRule> rules() {
    List<AnnotationRule> rules = new ArrayList<>();
    if (when.annotations != null) {
      when.annotations.forEach(
          (key, value) ->
              rules.add(
                  new AnnotationRule(
                      AnnotationPattern.meant(key),
                      value.equals(AnnotationPattern.ANY)
                          ? null
                          : AnnotationPattern.meant(value))));
    }
    return rules;
  }
}
