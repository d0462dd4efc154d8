package io.podkit.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podkit.core.api.NetworkAddress;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodSource;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.PodState;
import io.podkit.core.store.Credentials;
import io.podkit.core.store.PodRecord;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TravellingRecordTest {
  private static PodRecord with(@Nullable NetworkAddress address) {
    return new PodRecord(
        PodRecord.SCHEMA_VERSION,
        "0123456789ab",
        PodSpec.builder(new PodName("db"), PodSource.image("redis")).build(),
        new Credentials(0, 0, List.of(), "/"),
        PodState.ARRIVING,
        Instant.EPOCH,
        null,
        null,
        address,
        List.of(),
        "1",
        null);
  }

  @Test
  void addressesAndNone_mayArrive() throws Exception {
    TravellingRecord.requireAddresses(with(null), "a test", ErrorKind.PEER);
    TravellingRecord.requireAddresses(
        with(new NetworkAddress("10.0.0.2", 16, "fd00::2", 64, "0e:50:0a:00:00:02")),
        "a test",
        ErrorKind.PEER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$(touch /tmp/x)", "0e:50:0a:00:00:02\nlink del eth0", ""})
  void whatAShellWouldExecute_isThePeersFault(String mac) {
    PodkitException refused =
        catchThrowableOfType(
            PodkitException.class,
            () ->
                TravellingRecord.requireAddresses(
                    with(new NetworkAddress("10.0.0.2", 16, "", 0, mac)),
                    "a test",
                    ErrorKind.PEER));
    assertThat(refused.kind()).isEqualTo(ErrorKind.PEER);
    assertThat(refused.what()).contains("db");
  }
}
