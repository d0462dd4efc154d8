package io.podkit.criu.lib;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.Delegate;
import jnr.ffi.annotations.In;

/**
 * The functions of libcriu 2 that Podkit calls, those with options of their own ({@code local}).
 * Texts are bytes with a NUL at the end; libcriu copies them.
 *
 * @see <a href="https://criu.org/C_API">C API</a>
 */
public interface LibCriu {

  /** What libcriu calls between CRIU's steps. */
  interface NotifyCallback {
    /**
     * A step.
     *
     * @param action its name
     * @param argument for {@link #criu_notify_pid}
     * @return 0 to go on, -1 to make CRIU fail
     */
    @Delegate
    int call(Pointer action, Pointer argument);
  }

  /**
   * Fresh options; -1 without memory.
   *
   * @param options in and out: points to null, then to the options. Not annotated with Out alone:
   *     libcriu frees what it finds there, and JNR would hand it garbage
   */
  int criu_local_init_opts(Pointer options);

  void criu_local_free_opts(Pointer options);

  /** libcriu closes this descriptor after the next request. */
  void criu_local_set_service_fd(Pointer options, int fd);

  void criu_local_set_pid(Pointer options, int pid);

  void criu_local_set_images_dir_fd(Pointer options, int fd);

  void criu_local_set_work_dir_fd(Pointer options, int fd);

  int criu_local_set_log_file(Pointer options, @In byte[] name);

  void criu_local_set_log_level(Pointer options, int level);

  int criu_local_set_root(Pointer options, @In byte[] root);

  void criu_local_set_leave_running(Pointer options, boolean on);

  void criu_local_set_tcp_established(Pointer options, boolean on);

  void criu_local_set_shell_job(Pointer options, boolean on);

  void criu_local_set_orphan_pts_master(Pointer options, boolean on);

  void criu_local_set_file_locks(Pointer options, boolean on);

  void criu_local_set_link_remap(Pointer options, boolean on);

  void criu_local_set_auto_ext_mnt(Pointer options, boolean on);

  void criu_local_set_ghost_limit(Pointer options, int bytes);

  void criu_local_set_manage_cgroups_mode(Pointer options, int mode);

  int criu_local_set_freeze_cgroup(Pointer options, @In byte[] path);

  int criu_local_set_lsm_profile(Pointer options, @In byte[] profile);

  void criu_local_set_timeout(Pointer options, int seconds);

  int criu_local_set_network_lock(Pointer options, int method);

  void criu_local_set_empty_ns(Pointer options, int cloneFlags);

  int criu_local_add_external(Pointer options, @In byte[] key);

  int criu_local_set_config_file(Pointer options, @In byte[] path);

  void criu_local_set_notify_cb(Pointer options, NotifyCallback callback);

  /** The pid that a step carries, 0 if it carries none. */
  int criu_notify_pid(Pointer argument);

  /** 0, or a negative error number: -52 (EBADE) if CRIU failed; or what the callback returned. */
  int criu_local_dump(Pointer options);

  /** The root task's pid, or a negative error number as for dump. */
  int criu_local_restore(Pointer options);
}
