package io.podkit.cli.json;

import io.podkit.migrate.api.Recovery;
import java.util.List;

/**
 * The result of {@code pod recover}.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param pods those that were looked at
 */
public record RecoveryJson(int schemaVersion, List<OutcomeJson> pods) {

  /**
   * What became of one pod.
   *
   * @param pod its name
   * @param action resumed, released, serving, kept, removed, still_in_doubt or busy
   * @param detail why, for people
   */
  public record OutcomeJson(String pod, String action, String detail) {
    static OutcomeJson of(Recovery.Outcome outcome) {
      return new OutcomeJson(
          outcome.pod().value(), Shapes.name(outcome.action()), outcome.detail());
    }
  }

  public static RecoveryJson of(List<Recovery.Outcome> outcomes) {
    return new RecoveryJson(Shapes.SCHEMA_VERSION, outcomes.stream().map(OutcomeJson::of).toList());
  }
}
