package io.podkit.criu;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.Request;
import io.podkit.criu.proto.Response;
import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.FdChannel;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * CRIU's RPC: one protobuf message a packet, a request and its answer. For what libcriu lacks; dump
 * and restore with their callbacks go through libcriu.
 */
final class CriuRpc {

  /** CRIU's answers to what we ask are a few hundred bytes; a larger packet would be cut off. */
  private static final int MAX_MESSAGE = 64 * 1024;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Syscalls syscalls;

  CriuRpc(Syscalls syscalls) {
    this.syscalls = syscalls;
  }

  /**
   * Sends a request and reads its answer; {@code success} is the caller's to judge.
   *
   * @throws PodkitException PEER-less INTERNAL if the answer is no answer to this request, IO if
   *     the worker went away or says nothing in time
   */
  Response call(Fd socket, Request request) throws PodkitException {
    String what = "CRIU request " + request.getType();
    try {
      // Not closed: the channel's descriptor is the connection's.
      FdChannel channel = new FdChannel(syscalls, socket, TIMEOUT);
      byte[] bytes = request.toByteArray();
      channel.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      ByteBuffer answer = ByteBuffer.allocateDirect(MAX_MESSAGE);
      if (channel.read(answer) <= 0) {
        throw PodkitException.internal(what + ": CRIU ended without an answer", null);
      }
      return parse(what, request, answer.flip());
    } catch (IOException e) {
      throw PodkitException.io(what, e);
    }
  }

  private static Response parse(String what, Request request, ByteBuffer answer)
      throws PodkitException {
    try {
      Response response = Response.parseFrom(answer);
      if (response.getType() != request.getType()) {
        throw PodkitException.internal(what + ": answered as " + response.getType(), null);
      }
      return response;
    } catch (InvalidProtocolBufferException e) {
      throw PodkitException.internal(what + ": the answer is no message of CRIU", e);
    }
  }
}
