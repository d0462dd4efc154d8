package io.podkit.cli.json;

import io.podkit.core.api.AnnotationRule;
import io.podkit.core.api.HookStatus;
import java.util.List;

/**
 * The result of the {@code pod hook} commands.
 *
 * @param schemaVersion see {@link Shapes#SCHEMA_VERSION}
 * @param installed whether engines are told to call the hook
 * @param works whether containers that are started from now on are noted
 * @param file what tells the engine
 * @param notes where the hook notes containers
 * @param annotations what a container must be annotated with, {@code KEY} or {@code KEY=VALUE}
 * @param checks what was looked at
 */
public record HookJson(
    int schemaVersion,
    boolean installed,
    boolean works,
    String file,
    String notes,
    List<String> annotations,
    List<DoctorJson.Check> checks) {

  public static HookJson of(HookStatus status) {
    return new HookJson(
        Shapes.SCHEMA_VERSION,
        status.installed(),
        status.works(),
        status.file().toString(),
        status.notes().toString(),
        status.annotations().stream().map(AnnotationRule::toString).toList(),
        status.checks().stream().map(DoctorJson.Check::of).toList());
  }
}
