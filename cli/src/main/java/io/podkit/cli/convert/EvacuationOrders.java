package io.podkit.cli.convert;

import io.podkit.cli.option.EvacuationOptions;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationOrder.Purpose;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes an {@link EvacuationOrder} of what was typed. */
public final class EvacuationOrders {
  private EvacuationOrders() {}

  /**
   * The order to empty {@code host}.
   *
   * @throws PodkitException USAGE, naming what is wrong; NOT_FOUND if a target is not known
   */
  public static EvacuationOrder of(EvacuationOptions typed, KnownHost host, Hosts hosts)
      throws PodkitException {
    List<KnownHost> targets = targets(typed.to, host, hosts);
    Duration deadline =
        typed.deadline == null
            ? Duration.ZERO
            : Typed.value("--deadline", typed.deadline, TimeSpan::parse);
    int parallel = Objects.requireNonNullElse(typed.maxParallel, 0);
    if (typed.maxParallel != null && parallel < 1) {
      throw PodkitException.usage("--max-parallel: at least one pod has to move at a time");
    }
    return Typed.combined(
        () ->
            new EvacuationOrder(
                Purpose.EVACUATE,
                targets,
                List.of(),
                Typed.labels(typed.selector),
                parallel,
                deadline,
                typed.sequence,
                false));
  }

  /** The same, of which only the plan is wanted. */
  public static EvacuationOrder dryRun(EvacuationOrder order) {
    return new EvacuationOrder(
        order.purpose(),
        order.targets(),
        order.pods(),
        order.selector(),
        order.maxParallel(),
        order.deadline(),
        order.sequence(),
        true);
  }

  private static List<KnownHost> targets(List<String> names, KnownHost host, Hosts hosts)
      throws PodkitException {
    List<KnownHost> targets = new ArrayList<>();
    for (String name : names) {
      KnownHost target = hosts.find(name);
      if (target.name().equals(host.name())) {
        throw PodkitException.usage("--to: " + name + " is the host that is to be empty");
      }
      targets.add(target);
    }
    if (names.isEmpty()) {
      hosts.list().stream()
          .filter(known -> !known.name().equals(host.name()))
          .forEach(targets::add);
    }
    if (targets.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.USAGE,
          "there is no host that the pods of " + host.name() + " could go to",
          new Hint("make one known with pod host add"));
    }
    return targets;
  }
}
