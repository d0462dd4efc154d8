package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Problem;
import java.util.List;

/** Who speaks for a host with its peers, beside the pods that come to it. Thread-safe. */
public interface HostTalk {
  /** Why no pod may come now; empty if one may. */
  List<Problem> objections() throws PodkitException;

  /** The answer to a question about the host, or to an order. */
  Control answer(Control question) throws PodkitException;
}
