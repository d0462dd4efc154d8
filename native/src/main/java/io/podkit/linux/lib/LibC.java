package io.podkit.linux.lib;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import org.jspecify.annotations.Nullable;

/**
 * The functions of glibc (2.34 or newer) that Podkit calls. Each returns -1 and sets errno on
 * failure unless its comment says otherwise. Texts are bytes with a NUL at the end.
 *
 * @see <a href="https://man7.org/linux/man-pages/dir_section_2.html">section 2 of the manual</a>
 */
public interface LibC {

  int mount(
      @In byte[] source,
      @In byte[] target,
      @In byte @Nullable [] type,
      long flags,
      @In byte @Nullable [] data);

  int umount2(@In byte[] target, int flags);

  int statfs(@In byte[] path, @Out byte[] statfs);

  /** openat2, pidfd_open: glibc has no function for the first, 2.36 and newer for the second. */
  long syscall(long number, long a, @In byte @Nullable [] b, @In byte @Nullable [] c, long d);

  /** pidfd_send_signal. */
  long syscall(long number, long a, long b, long c, long d);

  int statx(int directory, @In byte[] path, int flags, int mask, @Out byte[] statx);

  int fchmodat(int directory, @In byte[] path, int mode, int flags);

  int fchownat(int directory, @In byte[] path, int uid, int gid, int flags);

  int utimensat(int directory, @In byte[] path, @In long[] times, int flags);

  int fchmod(int fd, int mode);

  int fchown(int fd, int uid, int gid);

  int futimens(int fd, @In long[] times);

  long flistxattr(int fd, @Out byte @Nullable [] list, long size);

  long fgetxattr(int fd, @In byte[] name, @Out byte @Nullable [] value, long size);

  int mkdirat(int directory, @In byte[] path, int mode);

  int mknodat(int directory, @In byte[] path, int mode, long device);

  int symlinkat(@In byte[] target, int directory, @In byte[] path);

  long readlinkat(int directory, @In byte[] path, @Out byte[] buffer, long size);

  int linkat(int fromDirectory, @In byte[] from, int toDirectory, @In byte[] to, int flags);

  int unlinkat(int directory, @In byte[] path, int flags);

  int renameat2(int fromDirectory, @In byte[] from, int toDirectory, @In byte[] to, int flags);

  long getdents64(int fd, @Out byte[] buffer, long size);

  long llistxattr(@In byte[] path, @Out byte @Nullable [] list, long size);

  long lgetxattr(@In byte[] path, @In byte[] name, @Out byte @Nullable [] value, long size);

  int lsetxattr(@In byte[] path, @In byte[] name, @In byte[] value, long size, int flags);

  int lremovexattr(@In byte[] path, @In byte[] name);

  int fanotify_init(int flags, int eventFlags);

  int fanotify_mark(int fd, int flags, long mask, int directory, @In byte[] path);

  int open_by_handle_at(int mount, @In byte[] handle, int flags);

  long read(int fd, ByteBuffer buffer, long count);

  long write(int fd, ByteBuffer buffer, long count);

  long pread64(int fd, ByteBuffer buffer, long count, long offset);

  long pwrite64(int fd, ByteBuffer buffer, long count, long offset);

  long lseek64(int fd, long offset, int whence);

  int fallocate64(int fd, int mode, long offset, long length);

  int ftruncate64(int fd, long size);

  int fsync(int fd);

  int syncfs(int fd);

  int flock(int fd, int operation);

  int close(int fd);

  int fcntl(int fd, int command, long argument);

  int poll(@In @Out byte[] fds, long count, int milliseconds);

  int socketpair(int domain, int type, int protocol, @Out int[] fds);

  int socket(int domain, int type, int protocol);

  int connect(int fd, @In byte[] address, int length);

  int setsockopt(int fd, int level, int option, @In int[] value, int size);

  int shutdown(int fd, int how);

  int pipe2(@Out int[] fds, int flags);

  int isatty(int fd);

  int ioctl(int fd, long request, @In @Out byte[] argument);

  /** Of a direct buffer, from its first byte. */
  int ioctl(int fd, long request, ByteBuffer argument);

  long process_vm_readv(
      int pid, @In byte[] local, long locals, @In byte[] remote, long remotes, long flags);

  long process_vm_writev(
      int pid, @In byte[] local, long locals, @In byte[] remote, long remotes, long flags);

  int kill(int pid, int signal);

  int waitpid(int pid, @Out int[] status, int options);

  /** The posix_spawn family returns the error number itself. */
  int posix_spawn(
      @Out int[] pid,
      @In byte[] path,
      @In Pointer fileActions,
      @In Pointer attributes,
      @In Pointer argv,
      @In Pointer environment);

  int posix_spawn_file_actions_init(Pointer actions);

  int posix_spawn_file_actions_destroy(Pointer actions);

  int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  int posix_spawn_file_actions_addopen(
      Pointer actions, int fd, @In byte[] path, int flags, int mode);

  /** Closing what is not open is no error in the child. */
  int posix_spawn_file_actions_addclose(Pointer actions, int fd);

  /** Since glibc 2.34. */
  int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

  int posix_spawnattr_init(Pointer attributes);

  int posix_spawnattr_destroy(Pointer attributes);

  int posix_spawnattr_setflags(Pointer attributes, short flags);

  int posix_spawnattr_setsigmask(Pointer attributes, @In byte[] mask);

  int posix_spawnattr_setsigdefault(Pointer attributes, @In byte[] signals);

  /** Null on failure; then dlerror says why. In libc itself since glibc 2.34. */
  @Nullable Pointer dlopen(@In byte[] path, int flags);

  @Nullable String dlerror();

  /** Null if there is no such symbol. */
  @Nullable Pointer dlsym(@Nullable Pointer handle, @In byte[] name);

  int setfsuid(int uid);

  int setfsgid(int gid);

  int prctl(int option, long arg2, long arg3, long arg4, long arg5);
}
