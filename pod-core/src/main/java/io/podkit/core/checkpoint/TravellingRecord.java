package io.podkit.core.checkpoint;

import io.podkit.core.api.PodSource;
import io.podkit.core.network.AddressLiterals;
import io.podkit.core.store.ContainerOrigin;
import io.podkit.core.store.PodRecord;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.List;

/** The form in which a record goes to another host. */
final class TravellingRecord {
  private TravellingRecord() {}

  /**
   * The record without what is true only here. A pod on a directory of this host stands on a layer
   * of the same content from then on, for the directory stays behind.
   *
   * @param layers the digests it stands on, lowest first
   */
  static PodRecord of(PodRecord record, List<String> layers, String migration) {
    PodSource source = record.spec().source();
    boolean packed = source.rootfs() != null && !layers.isEmpty();
    PodRecord placed =
        packed
            ? record.on(
                record.spec().toBuilder()
                    .source(PodSource.image("rootfs-of-" + record.id()))
                    .build(),
                layers)
            : record;
    ContainerOrigin origin = placed.origin();
    PodRecord settled = origin == null ? placed : placed.withOrigin(origin.asPod());
    return settled.travelling(migration);
  }

  /**
   * Refuses addresses that are none: this host's root would call programs with them.
   *
   * @param source who wrote the record, for the message
   * @param kind of the refusal
   */
  static void requireAddresses(PodRecord record, String source, ErrorKind kind)
      throws PodkitException {
    if (record.address() != null && !AddressLiterals.areProper(record.address())) {
      throw PodkitException.of(
          kind, source + " holds addresses of pod " + record.name() + " that are none");
    }
  }
}
