package io.podkit.cli.fake;

import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.KnownHost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Evacuations that go as they are told to go. */
public final class FakeEvacuations implements Evacuations {
  public final List<String> calls = new ArrayList<>();
  public final List<EvacuationOrder> orders = new ArrayList<>();

  /** The answers to orders and to cancelling, one after the other. */
  public final Deque<EvacuationStatus> answers = new ArrayDeque<>();

  /** What is said of how far it is, one after the other; the last again and again. */
  public final Deque<EvacuationStatus> states = new ArrayDeque<>();

  @Override
  public EvacuationStatus order(KnownHost host, EvacuationOrder order) {
    calls.add((order.dryRun() ? "plan " : "order ") + host.name());
    orders.add(order);
    return answers.removeFirst();
  }

  @Override
  public EvacuationStatus status(KnownHost host) {
    return states.size() > 1 ? states.removeFirst() : states.getFirst();
  }

  @Override
  public EvacuationStatus cancel(KnownHost host) {
    calls.add("cancel " + host.name());
    return answers.removeFirst();
  }

  @Override
  public void work() {
    calls.add("work");
  }
}
