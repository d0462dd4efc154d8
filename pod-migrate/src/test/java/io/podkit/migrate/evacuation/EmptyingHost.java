package io.podkit.migrate.evacuation;

import io.podkit.core.api.Departures;
import io.podkit.core.api.HostFacts;
import io.podkit.core.api.HostInspector;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.Pods;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.HostAnswer;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationListener;
import io.podkit.migrate.api.MigrationReport;
import io.podkit.migrate.api.MigrationRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A host whose pods take no time to move, with others that have room. Thread-safe: migrations run
 * on threads of their own.
 */
final class EmptyingHost {
  private static final HostFacts FACTS =
      new HostFacts("hosta", "6.18", "x86_64", "4.2.1", Set.of(), 1L << 40, 1L << 40);

  /** What a migration does: nothing if the pod arrives, otherwise what it fails of. */
  interface Course {
    void run(String pod, String target) throws PodkitException, InterruptedException;
  }

  private final Map<String, PodState> pods = new TreeMap<>();
  private final Set<String> down = new HashSet<>();
  private final List<String> begun = new ArrayList<>();
  private volatile String broken = "";
  private volatile Course course = (pod, target) -> {};

  synchronized void put(String pod, PodState state) {
    pods.put(pod, state);
  }

  synchronized void remove(String pod) {
    pods.remove(pod);
  }

  /** That host cannot be asked any more. */
  synchronized void down(String host) {
    down.add(host);
  }

  /** To look at that pod is more than this can do. */
  void broken(String pod) {
    broken = pod;
  }

  void course(Course next) {
    course = next;
  }

  /** Every migration that was begun, "pod to target". */
  synchronized List<String> begun() {
    return List.copyOf(begun);
  }

  private synchronized PodStatus status(PodName name) throws PodkitException {
    PodState state = pods.get(name.value());
    if (state == null) {
      throw PodkitException.notFound("there is no pod " + name);
    }
    return new PodStatus(
        "0123456789ab",
        PodSpec.builder(name, new PodSource("image", null)).build(),
        state,
        Instant.EPOCH,
        null,
        OptionalLong.empty(),
        OptionalInt.empty(),
        null,
        List.of(),
        null,
        null,
        null);
  }

  private synchronized List<PodStatus> list() throws PodkitException {
    List<PodStatus> all = new ArrayList<>();
    for (String name : pods.keySet()) {
      all.add(status(new PodName(name)));
    }
    return all;
  }

  Migration prepare(MigrationRequest request) {
    return new Migration() {
      private volatile boolean cancelled;

      @Override
      public MigrationReport run(MigrationListener listener) throws PodkitException {
        String pod = request.pod().value();
        synchronized (EmptyingHost.this) {
          begun.add(pod + " to " + request.host());
        }
        try {
          course.run(pod, request.host());
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        if (cancelled) {
          throw PodkitException.cancelled("cancelled");
        }
        remove(pod);
        return new MigrationReport(
            "1",
            request.pod(),
            request.host(),
            "pre-copy",
            false,
            List.of(),
            Duration.ofMillis(5),
            Duration.ofMillis(9),
            0,
            0,
            List.of(),
            0,
            null,
            List.of());
      }

      @Override
      public boolean cancel() {
        cancelled = true;
        return true;
      }
    };
  }

  PodRuntime runtime() {
    Pods listed =
        fake(
            Pods.class,
            (method, arguments) ->
                switch (method) {
                  case "list" -> list();
                  case "status" -> status((PodName) arguments[0]);
                  default -> throw new AssertionError(method);
                });
    Departures departures =
        fake(
            Departures.class,
            (method, arguments) -> {
              if (arguments[0].toString().equals(broken)) {
                throw new IllegalStateException("a bug");
              }
              throw PodkitException.conflict("not looked at");
            });
    HostInspector inspector = fake(HostInspector.class, (method, arguments) -> FACTS);
    return fake(
        PodRuntime.class,
        (method, arguments) ->
            switch (method) {
              case "pods" -> listed;
              case "departures" -> departures;
              case "host" -> inspector;
              default -> throw new AssertionError(method);
            });
  }

  Hosts hosts() {
    return fake(
        Hosts.class,
        (method, arguments) -> {
          List<HostAnswer> answers = new ArrayList<>();
          for (Object host : (List<?>) arguments[0]) {
            answers.add(answer((KnownHost) host));
          }
          return answers;
        });
  }

  private synchronized HostAnswer answer(KnownHost host) {
    if (down.contains(host.name())) {
      return new HostAnswer(host, null, PodkitException.peer("nobody answers", null));
    }
    HostStatus status =
        new HostStatus(
            host.name(),
            FACTS.kernel(),
            FACTS.architecture(),
            FACTS.criuVersion(),
            Set.of(),
            8,
            0,
            1L << 40,
            1L << 40,
            1L << 40,
            1L << 40,
            List.of(),
            Map.of(),
            false,
            List.of(),
            List.of());
    return new HostAnswer(host, status, null);
  }

  private interface Answers {
    Object to(String method, Object[] arguments) throws PodkitException;
  }

  /** An interface of which a test needs few methods. */
  private static <T> T fake(Class<T> type, Answers answers) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answers.to(method.getName(), arguments));
    return type.cast(proxy);
  }
}
