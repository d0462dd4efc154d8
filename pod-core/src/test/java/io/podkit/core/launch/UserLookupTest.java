package io.podkit.core.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.core.store.Credentials;
import io.podkit.error.PodkitException;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserLookupTest {
  private final UserLookup lookup =
      new UserLookup(
          """
          root:x:0:0:root:/root:/bin/bash
          broken line
          redis:x:101:103::/var/lib/redis:/usr/sbin/nologin
          42:x:1042:1042::/home/42:/bin/sh
          """,
          """
          root:x:0:
          redis:x:103:
          ssl-cert:x:110:postgres,redis
          """);

  @Test
  void resolve_nobodyAskedMeansRoot() throws PodkitException {
    assertThat(lookup.resolve(null)).isEqualTo(new Credentials(0, 0, List.of(), "/root"));
  }

  @Test
  void resolve_nameBringsItsGroupsAndHome() throws PodkitException {
    assertThat(lookup.resolve("redis"))
        .isEqualTo(new Credentials(101, 103, List.of(110), "/var/lib/redis"));
  }

  @Test
  void resolve_explicitGroupReplacesThemAll() throws PodkitException {
    assertThat(lookup.resolve("redis:0"))
        .isEqualTo(new Credentials(101, 0, List.of(), "/var/lib/redis"));
  }

  @Test
  void resolve_numberNeedsNoEntry() throws PodkitException {
    assertThat(lookup.resolve("5000:5001")).isEqualTo(new Credentials(5000, 5001, List.of(), "/"));
  }

  @Test
  void resolve_aUserCalledByANumberIsFoundByName() throws PodkitException {
    assertThat(lookup.resolve("42").uid()).isEqualTo(1042);
  }

  @Test
  void resolve_refusesAnUnknownName() {
    assertThatThrownBy(() -> lookup.resolve("ghost"))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("ghost");
  }
}
