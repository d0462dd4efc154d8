package io.podkit.cli.convert;

import io.podkit.cli.option.MemoryChoices;
import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.MemoryOptions;
import io.podkit.migrate.api.MigrationRequest;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a {@link CheckRequest} of what was typed. */
public final class CheckRequests {
  private CheckRequests() {}

  /**
   * The check that was asked for.
   *
   * @param target {@code HOST[:PORT]}, or null for the pod alone
   * @throws PodkitException USAGE, naming what is wrong
   */
  public static CheckRequest of(
      String pod,
      @Nullable String target,
      @Nullable String time,
      @Nullable String downtimeLimit,
      boolean replaceVolumes)
      throws PodkitException {
    PodName name = Typed.pod(pod);
    Duration span =
        time == null ? CheckRequest.DEFAULT_TIME : Typed.value("--time", time, TimeSpan::parse);
    MemoryChoices choices = new MemoryChoices();
    choices.downtimeLimit = downtimeLimit;
    MemoryOptions memory = MigrationRequests.memory(choices);
    if (target == null) {
      return Typed.combined(
          () ->
              new CheckRequest(
                  name, null, MigrationRequest.DEFAULT_PORT, span, memory, replaceVolumes));
    }
    Endpoint endpoint =
        Typed.value("host", target, text -> Endpoint.parse(text, MigrationRequest.DEFAULT_PORT));
    String host = Objects.requireNonNullElse(endpoint.host(), "");
    return Typed.combined(
        () -> new CheckRequest(name, host, endpoint.port(), span, memory, replaceVolumes));
  }
}
