package io.podkit.core.host;

import io.podkit.core.api.HostCheck;
import java.util.List;

/**
 * Looks at one aspect of the host. Probes find out what works; they never ask for a version where
 * they can try.
 */
@FunctionalInterface
interface Probe {
  /** What was found; never throws: a probe that fails is itself a finding. */
  List<HostCheck> look();
}
