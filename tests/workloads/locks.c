/* File locks of three kinds, and leases: a rival must find them held. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int file;
static char path[256];
static const struct flock whole = {
    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20};

static void open_file(void) {
  strcpy(path, scratch("locked"));
  file = (int)must(open(path, O_RDWR | O_CREAT, 0600));
  write_all(file, "0123456789012345678901234567890123456789", 40);
}

/* Runs `attempt` in a child on a fresh descriptor; it must find the lock taken. */
static void expect_held(int (*attempt)(int fd)) {
  pid_t rival = (pid_t)must(fork());
  if (rival == 0) {
    int fd = open(path, O_RDWR);
    _exit(fd >= 0 && attempt(fd) < 0 && (errno == EWOULDBLOCK || errno == EACCES) ? 0 : 1);
  }
  int status;
  must(waitpid(rival, &status, 0));
  if (status != 0)
    fail("the lock is gone");
}

static int try_flock(int fd) {
  return flock(fd, LOCK_EX | LOCK_NB);
}

static int try_fcntl(int fd) {
  struct flock wanted = whole;
  return fcntl(fd, F_SETLK, &wanted);
}

static int try_ofd(int fd) {
  struct flock wanted = whole;
  return fcntl(fd, F_OFD_SETLK, &wanted);
}

static void setup_flock(int argc, char **argv) {
  open_file();
  must(flock(file, LOCK_EX));
}

static void check_flock(void) {
  expect_held(try_flock);
}

static void setup_fcntl(int argc, char **argv) {
  open_file();
  struct flock wanted = whole;
  must(fcntl(file, F_SETLK, &wanted));
}

static void check_fcntl(void) {
  expect_held(try_fcntl);
}

static void setup_ofd(int argc, char **argv) {
  open_file();
  struct flock wanted = whole;
  must(fcntl(file, F_OFD_SETLK, &wanted));
}

static void check_ofd(void) {
  expect_held(try_ofd);
}

/* A child that sleeps until the lock is free gets it after the move. */
static pid_t waiter;

static void wait_for_lock(void *argument) {
  int fd = (int)must(open(path, O_RDWR));
  must(flock(fd, LOCK_EX));
}

static void setup_waiter(int argc, char **argv) {
  setup_flock(argc, argv);
  waiter = spawn(wait_for_lock, NULL);
}

static void check_waiter(void) {
  expect_alive(waiter);
}

static void finish_waiter(void) {
  must(flock(file, LOCK_UN));
  expect_exit_ok(waiter);
}

static void setup_lease(int argc, char **argv) {
  open_file();
  must(close(file));
  file = (int)must(open(path, O_RDONLY));
  if (fcntl(file, F_SETLEASE, F_RDLCK) < 0)
    skip("no leases on this file system: %s", strerror(errno));
  must(fcntl(file, F_SETSIG, SIGRTMIN + 1));
}

static void check_lease(void) {
  expect_eq(fcntl(file, F_GETLEASE), F_RDLCK);
  expect_eq(fcntl(file, F_GETSIG), SIGRTMIN + 1);
}

const struct workload lock_workloads[] = {
    {"flock", "a BSD lock", setup_flock, check_flock, NULL},
    {"lock-fcntl", "a POSIX record lock", setup_fcntl, check_fcntl, NULL},
    {"lock-ofd", "a lock of an open file description", setup_ofd, check_ofd, NULL},
    {"lock-waiter", "a process that waits for a lock", setup_waiter, check_waiter, finish_waiter},
    {"lease", "a read lease", setup_lease, check_lease, NULL},
    {0},
};
