package io.podkit.migrate.wiring;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodState;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Agent;
import io.podkit.migrate.api.CheckReport;
import io.podkit.migrate.api.CheckRequest;
import io.podkit.migrate.api.Evacuations;
import io.podkit.migrate.api.Hosts;
import io.podkit.migrate.api.LiveControl;
import io.podkit.migrate.api.Migration;
import io.podkit.migrate.api.MigrationRequest;
import io.podkit.migrate.api.Migrations;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.check.AgentLinkMeter;
import io.podkit.migrate.check.LinkMeter;
import io.podkit.migrate.check.MoveSurvey;
import io.podkit.migrate.check.PodCheck;
import io.podkit.migrate.check.TrackedDirtyRate;
import io.podkit.migrate.engine.CrashRecovery;
import io.podkit.migrate.engine.Lending;
import io.podkit.migrate.engine.LocalAgent;
import io.podkit.migrate.engine.SourceMigration;
import io.podkit.migrate.engine.TargetConversation;
import io.podkit.migrate.engine.TargetRecovery;
import io.podkit.migrate.evacuation.EvacuationCalls;
import io.podkit.migrate.evacuation.LocalEvacuations;
import io.podkit.migrate.host.HostCalls;
import io.podkit.migrate.host.HostDesk;
import io.podkit.migrate.host.HostSurvey;
import io.podkit.migrate.host.InventoryFile;
import io.podkit.migrate.host.LocalHosts;
import io.podkit.migrate.host.OwnMarks;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.live.LiveClient;
import io.podkit.migrate.pki.HostIdentity;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.Greeting;
import io.podkit.migrate.transport.ServerLimits;
import io.podkit.migrate.transport.Timeouts;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/** The migrations of one host, each part made when it is asked for. */
public final class MigrationWiring implements Migrations {
  private static final String VERSION = "0.1.0";

  /** A target that has just died may be on its way back. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** One answer takes a look at one record. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final PodRuntime runtime;
  private final Clock clock = Clock.systemUTC();
  private final Greeting greeting = new Greeting(VERSION, Capabilities.ofThisHost());
  private final Journal journal;
  private final TargetRecovery targets;
  private final ObjectMapper json;
  private final OwnMarks marks;

  /** The migrations from and to the host of that runtime. */
  public MigrationWiring(PodRuntime runtime) {
    this.runtime = runtime;
    json =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    journal = new Journal(runtime.dirs().root().resolve("migrations"), json);
    targets = new TargetRecovery(runtime, journal, clock);
    marks = new OwnMarks(runtime.dirs().root().resolve("hosts").resolve("own.json"), json);
  }

  private HostIdentity identity() throws PodkitException {
    return HostIdentity.load(runtime.dirs().root().resolve("pki"), clock.instant());
  }

  private AgentClient client() throws PodkitException {
    return new AgentClient(identity(), greeting, Timeouts.STANDARD);
  }

  @Override
  public Migration prepare(MigrationRequest request) throws PodkitException {
    return new SourceMigration(runtime, client(), journal, request, clock);
  }

  @Override
  public CheckReport check(CheckRequest request) throws PodkitException {
    PodState state = runtime.pods().status(request.pod()).state();
    if (state != PodState.RUNNING) {
      throw PodkitException.conflict(
          "cannot measure pod " + request.pod() + ": it is " + state + ", not running");
    }
    AgentClient client = request.host() == null ? null : client();
    LinkMeter links =
        (host, port) -> new AgentLinkMeter(Objects.requireNonNull(client)).measure(host, port);
    return new PodCheck(new TrackedDirtyRate(runtime), links, new MoveSurvey(runtime, client))
        .run(request);
  }

  @Override
  public LiveControl running(PodName pod) throws PodkitException {
    return LiveClient.of(runtime.dirs().run(), pod);
  }

  @Override
  public Agent agent(InetSocketAddress address) throws PodkitException {
    HostIdentity identity = identity();
    EvacuationCalls evacuations = evacuations(identity);
    return new LocalAgent(
        recovery(Duration.ZERO), // it asks again later
        new TargetConversation(runtime, journal, targets, evacuations, clock),
        handler ->
            AgentServer.start(
                address, identity, greeting, handler, Timeouts.STANDARD, ServerLimits.STANDARD),
        evacuation(identity)::revive);
  }

  @Override
  public Hosts hosts() throws PodkitException {
    return hosts(identity());
  }

  private LocalHosts hosts(HostIdentity identity) {
    return new LocalHosts(
        new InventoryFile(runtime.dirs().root().resolve("hosts").resolve("inventory.json"), json),
        identity.name(),
        desk(identity),
        calls(identity));
  }

  private HostDesk desk(HostIdentity identity) {
    return new HostDesk(identity.name().host().value(), new HostSurvey(runtime, marks), marks);
  }

  private HostCalls calls(HostIdentity identity) {
    return new HostCalls(new AgentClient(identity, greeting, Timeouts.STANDARD));
  }

  @Override
  public Evacuations evacuations() throws PodkitException {
    return evacuations(identity());
  }

  private EvacuationCalls evacuations(HostIdentity identity) {
    return new EvacuationCalls(
        hosts(identity), calls(identity), desk(identity), marks, evacuation(identity));
  }

  private LocalEvacuations evacuation(HostIdentity identity) {
    return EvacuationCalls.ofThisHost(
        runtime,
        identity.name().host().value(),
        json,
        hosts(identity),
        this,
        recovery(Duration.ZERO),
        marks,
        clock);
  }

  @Override
  public Recovery recovery() {
    return recovery(PATIENCE);
  }

  private Recovery recovery(Duration patience) {
    return new CrashRecovery(
        runtime,
        journal,
        targets,
        (agent, migration) -> client().status(agent, migration, ANSWER),
        (migration, processes) -> Lending.again(client(), migration, processes),
        patience,
        clock);
  }
}
