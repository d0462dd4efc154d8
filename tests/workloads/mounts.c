/* Mounts that processes make inside the pod (needs CAP_SYS_ADMIN there), and changed roots. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static char where[256], other[256];
static int file;

static void need(int result, const char *what) {
  if (result < 0 && errno == EPERM)
    skip("%s needs --cap-add SYS_ADMIN", what);
  must(result);
}

static const char *inside(const char *directory, const char *name) {
  static char path[600];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return path;
}

static void make_directories(void) {
  strcpy(where, scratch("one"));
  strcpy(other, scratch("two"));
  must(mkdir(where, 0755));
  must(mkdir(other, 0755));
}

static void setup_tmpfs(int argc, char **argv) {
  make_directories();
  need(mount("tmpfs", where, "tmpfs", MS_NOSUID | MS_NOEXEC, "size=4m,mode=0750"),
       "mounting a tmpfs");
  must(mkdir(inside(where, "deep"), 0700));
  write_file(inside(where, "deep/file"), "in memory");
  file = (int)must(open(inside(where, "deep/file"), O_RDONLY));
}

static void check_tmpfs(void) {
  struct statvfs info;
  must(statvfs(where, &info));
  expect((info.f_flag & (ST_NOSUID | ST_NOEXEC)) == (ST_NOSUID | ST_NOEXEC));
  expect_eq(info.f_blocks * info.f_frsize, 4 * 1024 * 1024);
  expect_content(inside(where, "deep/file"), "in memory");
  char text[9];
  expect_eq(pread(file, text, sizeof text, 0), sizeof text);
}

static void setup_bind(int argc, char **argv) {
  make_directories();
  write_file(inside(where, "file"), "bound");
  need(mount(where, other, NULL, MS_BIND, NULL), "a bind mount");
  must(mount(NULL, other, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV, NULL));
  file = (int)must(open(inside(other, "file"), O_RDONLY));
}

static void check_bind(void) {
  expect_content(inside(other, "file"), "bound");
  expect(open(inside(other, "new"), O_WRONLY | O_CREAT, 0600) < 0 && errno == EROFS);
  write_file(inside(where, "file"), "bound");
  char text[5];
  expect_eq(pread(file, text, sizeof text, 0), sizeof text);
}

/* Two mounts in one peer group: what is mounted beneath one appears beneath the other. */
static void setup_shared(int argc, char **argv) {
  make_directories();
  need(mount("tmpfs", where, "tmpfs", 0, "size=1m"), "mounting a tmpfs");
  must(mount(NULL, where, NULL, MS_SHARED, NULL));
  must(mkdir(inside(where, "sub"), 0755));
  must(mount(where, other, NULL, MS_BIND, NULL));
}

static void check_shared(void) {
  must(mount("tmpfs", inside(where, "sub"), "tmpfs", 0, "size=1m"));
  write_file(inside(where, "sub/file"), "propagated");
  expect_content(inside(other, "sub/file"), "propagated");
  must(umount2(inside(where, "sub"), 0));
  expect(access(inside(other, "sub/file"), F_OK) < 0);
}

/* A mount on top of a mount. */
static void setup_stacked(int argc, char **argv) {
  make_directories();
  need(mount("tmpfs", where, "tmpfs", 0, "size=1m"), "mounting a tmpfs");
  write_file(inside(where, "file"), "below");
  must(mount("tmpfs", where, "tmpfs", 0, "size=1m"));
  write_file(inside(where, "file"), "above");
}

static void check_stacked(void) {
  expect_content(inside(where, "file"), "above");
}

static void finish_stacked(void) {
  must(umount2(where, 0));
  expect_content(inside(where, "file"), "below");
}

static pid_t jailed;

static void live_in_jail(void *argument) {
  must(chroot(where));
  must(chdir("/sub"));
  for (;; sleep_ms(20)) {
    char path[64];
    expect(getcwd(path, sizeof path) && strcmp(path, "/sub") == 0);
    expect_content("/file", "jail");
  }
}

static void setup_chroot(int argc, char **argv) {
  make_directories();
  write_file(inside(where, "file"), "jail");
  must(mkdir(inside(where, "sub"), 0755));
  jailed = spawn(live_in_jail, NULL);
}

static void check_chroot(void) {
  expect_alive(jailed);
}

const struct workload mount_workloads[] = {
    {"mount-tmpfs", "a tmpfs with files, mounted inside the pod", setup_tmpfs, check_tmpfs, NULL,
     .needs = "SYS_ADMIN"},
    {"mount-bind", "a read-only bind mount", setup_bind, check_bind, NULL, .needs = "SYS_ADMIN"},
    {"mount-shared", "two mounts of one peer group", setup_shared, check_shared, NULL,
     .needs = "SYS_ADMIN"},
    {"mount-stacked", "a mount hidden beneath another", setup_stacked, check_stacked,
     finish_stacked, .needs = "SYS_ADMIN"},
    {"chroot", "a process with a root of its own", setup_chroot, check_chroot, NULL},
    {0},
};
