package io.podkit.migrate.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.transport.AgentServer;
import io.podkit.migrate.transport.ChannelGates;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.TwoHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLinkMeterTest {
  @TempDir Path directory;

  @Test
  void probes_areCountedUntilTheRateIsSteady() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    Set<String> capabilities = Set.of(Capabilities.LINK_PROBE, Capabilities.PAGE_BATCHES);
    try (AgentServer server = hosts.serveAsB(AgentLinkMeterTest::answer, capabilities)) {
      LinkMeter.Link link =
          new AgentLinkMeter(hosts.clientA(), Duration.ofMillis(20))
              .measure("127.0.0.1", server.address().getPort());
      assertThat(link.bytesPerSecond()).isPositive();
      assertThat(link.abilities()).containsExactly(Ability.PAGE_ROUNDS);
    }
  }

  private static void answer(ControlChannel control, ChannelGates gates) {
    try {
      while (true) {
        control.answer(control.receive(Duration.ofSeconds(30)), new Control.LinkProbed());
      }
    } catch (PodkitException e) {
      // the caller has seen enough
    }
  }

  @Test
  void anAgentThatCannotHelp_isNamed() throws Exception {
    TwoHosts hosts = TwoHosts.in(directory);
    try (AgentServer server = hosts.serveAsB((control, gates) -> {})) {
      int port = server.address().getPort();
      assertThatThrownBy(() -> new AgentLinkMeter(hosts.clientA()).measure("127.0.0.1", port))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED));
    }
  }
}
