package io.podkit.migrate.transport;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Message;
import io.podkit.migrate.protocol.Request;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks on a thread of its own, so that a test can be the other side. */
final class Asking {

  private static final Duration SOON = Duration.ofSeconds(30);

  private Asking() {}

  static <A extends Message, R extends Message & Request<A>> CompletableFuture<Message> ask(
      ControlChannel channel, R request) {
    CompletableFuture<Message> answer = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                answer.complete(channel.ask(request, SOON));
              } catch (PodkitException e) {
                answer.completeExceptionally(e);
              }
            })
        .start();
    return answer;
  }
}
