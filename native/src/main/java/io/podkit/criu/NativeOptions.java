package io.podkit.criu;

import io.podkit.criu.CriuOptions.AfterDump;
import io.podkit.criu.CriuOptions.Switch;
import io.podkit.criu.lib.LibCriu;
import io.podkit.linux.Fd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** libcriu's own copy of {@link CriuOptions}; closing frees it. */
final class NativeOptions implements AutoCloseable {

  private static final int CGROUPS_IGNORE = 0;
  private static final int NETWORK_LOCK_SKIP = 3; // since CRIU 3.19
  private static final int CLONE_NEWNET = 0x40000000;

  private final LibCriu libcriu;
  private final Pointer pointer;

  private NativeOptions(LibCriu libcriu, Pointer pointer) {
    this.libcriu = libcriu;
    this.pointer = pointer;
  }

  /** Fresh options without anything set. */
  static NativeOptions create(LibCriu libcriu) {
    Pointer inOut = Memory.allocateDirect(Runtime.getRuntime(libcriu), Long.BYTES, true);
    succeed(libcriu.criu_local_init_opts(inOut));
    return new NativeOptions(libcriu, inOut.getPointer(0));
  }

  /** What the native call is made with. */
  Pointer pointer() {
    return pointer;
  }

  /** Sets what the options say; the descriptors stay the caller's. */
  void set(CriuOptions options, Fd images, Fd work, Path config) {
    libcriu.criu_local_set_images_dir_fd(pointer, images.number());
    libcriu.criu_local_set_work_dir_fd(pointer, work.number());
    succeed(libcriu.criu_local_set_log_file(pointer, cString(options.logFile())));
    libcriu.criu_local_set_log_level(pointer, options.logLevel());
    succeed(libcriu.criu_local_set_config_file(pointer, cString(config.toString())));
    setSwitches(options);
    setTree(options);
  }

  private void setSwitches(CriuOptions options) {
    libcriu.criu_local_set_tcp_established(pointer, options.has(Switch.TCP_ESTABLISHED));
    libcriu.criu_local_set_file_locks(pointer, options.has(Switch.FILE_LOCKS));
    libcriu.criu_local_set_link_remap(pointer, options.has(Switch.LINK_REMAP));
    libcriu.criu_local_set_auto_ext_mnt(pointer, options.has(Switch.AUTO_EXTERNAL_MOUNTS));
    libcriu.criu_local_set_shell_job(pointer, options.has(Switch.SHELL_JOB));
    if (options.has(Switch.ORPHAN_PTS_MASTER)) {
      libcriu.criu_local_set_orphan_pts_master(pointer, true);
    }
    if (options.has(Switch.IGNORE_CGROUPS)) {
      libcriu.criu_local_set_manage_cgroups_mode(pointer, CGROUPS_IGNORE);
    }
    if (options.has(Switch.NO_NETWORK_LOCK)) {
      succeed(libcriu.criu_local_set_network_lock(pointer, NETWORK_LOCK_SKIP));
    }
    if (options.has(Switch.EMPTY_NETWORK_NAMESPACE)) {
      libcriu.criu_local_set_empty_ns(pointer, CLONE_NEWNET);
    }
    if (options.has(Switch.NO_LSM)) {
      succeed(libcriu.criu_local_set_lsm_profile(pointer, cString("none")));
    }
  }

  private void setTree(CriuOptions options) {
    if (options.pid() != null) {
      libcriu.criu_local_set_pid(pointer, (int) options.pid().value());
    }
    if (options.root() != null) {
      succeed(libcriu.criu_local_set_root(pointer, cString(options.root().toString())));
    }
    if (options.freezeCgroup() != null) {
      byte[] cgroup = cString(options.freezeCgroup().toString());
      succeed(libcriu.criu_local_set_freeze_cgroup(pointer, cgroup));
    }
    for (String key : options.external()) {
      succeed(libcriu.criu_local_add_external(pointer, cString(key)));
    }
    libcriu.criu_local_set_timeout(pointer, (int) Math.max(1, options.freezeTimeout().toSeconds()));
    libcriu.criu_local_set_ghost_limit(pointer, (int) options.ghostLimit());
    libcriu.criu_local_set_leave_running(pointer, options.afterDump() == AfterDump.RUN_ON);
  }

  /** libcriu's setters fail only without memory. */
  private static void succeed(int rc) {
    if (rc != 0) {
      throw new OutOfMemoryError("libcriu cannot allocate its options: " + rc);
    }
  }

  private static byte[] cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  @Override
  public void close() {
    libcriu.criu_local_free_opts(pointer);
  }
}
