package io.podkit.criu;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.criu.proto.ExternalMount;
import io.podkit.criu.proto.Options;
import io.podkit.criu.proto.Request;
import io.podkit.criu.proto.RequestType;
import io.podkit.error.PodkitException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an OCI runtime asks CRIU for when it restores a container. Most of it is kept, fields that
 * Podkit does not know included: where the root is, what is bound into it, the network namespace
 * and the ends of the monitor's pipes.
 */
public final class RuntimeRequest {
  private static final int CGROUPS_IGNORE = 0;

  private final Request request;

  private RuntimeRequest(Request request) {
    this.request = request;
  }

  static RuntimeRequest parse(ByteBuffer message) throws PodkitException {
    try {
      Request request = Request.parseFrom(message);
      if (request.getType() != RequestType.RESTORE || !request.getOpts().hasRoot()) {
        throw PodkitException.internal("the runtime asks CRIU for something else", null);
      }
      return new RuntimeRequest(request);
    } catch (InvalidProtocolBufferException e) {
      throw PodkitException.internal("what the runtime asks CRIU for is not understood", e);
    }
  }

  /** The directory that becomes the container's root. */
  public Path root() {
    return Path.of(request.getOpts().getRoot());
  }

  /** What the runtime binds into the container: sources by their place in it. */
  public Map<String, Path> externalMounts() {
    Map<String, Path> mounts = new LinkedHashMap<>();
    for (ExternalMount mount : request.getOpts().getExtMntList()) {
      mounts.put(mount.getKey(), Path.of(mount.getVal()));
    }
    return mounts;
  }

  /**
   * The request for images that Podkit dumped.
   *
   * @param images the number under which CRIU finds their directory
   * @param work the same for the directory it works in
   */
  byte[] encode(CriuOptions options, int images, int work) {
    Options.Builder changed =
        request.getOpts().toBuilder()
            .setImagesDirFd(images)
            .setWorkDirFd(work)
            .setLogFile(options.logFile())
            .setLogLevel(options.logLevel())
            .setGhostLimit((int) options.ghostLimit())
            .setTcpEstablished(options.has(Switch.TCP_ESTABLISHED))
            .setFileLocks(options.has(Switch.FILE_LOCKS))
            .setLinkRemap(options.has(Switch.LINK_REMAP))
            .setLazyPages(options.has(Switch.LAZY_PAGES))
            .addAllExternal(options.external());
    if (options.has(Switch.IGNORE_CGROUPS)) {
      // The runtime has put CRIU itself into the container's group.
      changed.clearCgRoot().setManageCgroups(false).setManageCgroupsMode(CGROUPS_IGNORE);
    }
    return request.toBuilder().setOpts(changed).build().toByteArray();
  }
}
