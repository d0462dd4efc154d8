/* contain ROOT PROGRAM [ARGUMENT...]: runs PROGRAM as pid 1 of namespaces of its own (user, pid, mount, network, uts, ipc) with
 * the directory ROOT as its root, born the way CRIU wants it: own session, no descriptor from outside. Prints the pid seen
 * from outside. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
must (int failed, const char *what)
{
  if (failed)
    {
      perror (what);
      _exit (1);
    }
}

static void
write_map (pid_t pid, const char *name)
{
  char path[64];
  snprintf (path, sizeof path, "/proc/%d/%s", (int) pid, name);
  int fd = open (path, O_WRONLY);
  must (fd < 0 || write (fd, "0 0 65536", 9) != 9, path);
  close (fd);
}

static void
enter (const char *root)
{
  must (mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0, "make private");
  must (mount (root, root, NULL, MS_BIND, NULL) < 0, "bind root");
  must (chdir (root) < 0, "chdir");
  must (mount ("proc", "proc", "proc", 0, NULL) < 0, "mount proc");
  must (syscall (SYS_pivot_root, ".", ".") < 0, "pivot_root");
  must (umount2 (".", MNT_DETACH) < 0, "umount");
  must (chdir ("/") < 0, "chdir /");
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    return 2;
  int go[2];
  must (pipe (go) < 0, "pipe");
  struct clone_args args = { .flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC,
                             .exit_signal = SIGCHLD };
  pid_t pid = (pid_t) syscall (SYS_clone3, &args, sizeof args);
  must (pid < 0, "clone3");
  if (pid > 0)
    {
      write_map (pid, "uid_map");
      write_map (pid, "gid_map");
      must (write (go[1], "", 1) != 1, "write");
      return printf ("%d\n", (int) pid) < 0;
    }
  char byte;
  must (read (go[0], &byte, 1) != 1, "read");
  must (setsid () < 0 || setgid (0) < 0 || setuid (0) < 0, "identity");
  enter (argv[1]);
  must (close_range (0, ~0U, 0) < 0, "close_range");
  must (open ("/null", O_RDWR | O_CREAT, 0600) != 0 || dup (0) != 1 || dup (0) != 2, "stdio");
  execv (argv[2], argv + 2);
  _exit (127);
}
