package io.podkit.migrate.engine;

import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Problem;
import java.util.List;

/** A host that accepts every pod and says nothing of itself. */
final class QuietHost implements HostTalk {
  @Override
  public List<Problem> objections() {
    return List.of();
  }

  @Override
  public Control answer(Control question) {
    throw new UnsupportedOperationException();
  }
}
