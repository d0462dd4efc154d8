/* Open files: offsets, flags, names that are gone. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 4096, HOLE = 1024 * 1024 };

static int file, twin, appended, directory, path_only, high;

static void setup_open(int argc, char **argv) {
  file = (int)must(open(scratch("data"), O_RDWR | O_CREAT | O_EXCL, 0640));
  char block[BLOCK];
  pattern_fill(block, BLOCK, 1, 0);
  write_all(file, block, BLOCK);
  must(lseek(file, 100, SEEK_SET));
  twin = (int)must(dup(file));
  high = (int)must(fcntl(file, F_DUPFD_CLOEXEC, 900));
  appended = (int)must(open(scratch("log"), O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, 0600));
  directory = (int)must(open("/tmp", O_RDONLY | O_DIRECTORY));
  path_only = (int)must(open("/tmp", O_PATH));
}

/* `twin` shares its offset with `file`: what one reads, the other skips. */
static void check_open(void) {
  char bytes[10];
  off_t at = must(lseek(file, 0, SEEK_CUR));
  read_all(twin, bytes, sizeof bytes);
  pattern_check("file", bytes, sizeof bytes, 1, (uint64_t)at);
  expect_eq(lseek(high, 0, SEEK_CUR), at + 10);
  if (at > BLOCK / 2)
    must(lseek(file, 100, SEEK_SET));
  expect(fcntl(high, F_GETFD) & FD_CLOEXEC);
  expect(!(fcntl(file, F_GETFD) & FD_CLOEXEC));
  expect((fcntl(appended, F_GETFL) & (O_APPEND | O_NONBLOCK)) == (O_APPEND | O_NONBLOCK));
  write_all(appended, "line\n", 5);
  struct stat info;
  must(fstatat(directory, ".", &info, 0));
  expect(S_ISDIR(info.st_mode));
  expect(fcntl(path_only, F_GETFL) & O_PATH);
}

/* A file that only its open descriptor keeps, with a hole in it. */
static void setup_deleted(int argc, char **argv) {
  const char *path = scratch("ghost");
  file = (int)must(open(path, O_RDWR | O_CREAT | O_EXCL, 0600));
  char block[BLOCK];
  pattern_fill(block, BLOCK, 2, 0);
  write_all(file, block, BLOCK);
  must(lseek(file, HOLE, SEEK_SET));
  write_all(file, block, BLOCK);
  must(fchown(file, 33, 33) < 0 && errno != EPERM ? -1 : 0);
  must(unlink(path));
}

static void check_deleted(void) {
  struct stat info;
  must(fstat(file, &info));
  expect_eq(info.st_nlink, 0);
  expect_eq(info.st_size, HOLE + BLOCK);
  char block[BLOCK];
  expect_eq(pread(file, block, BLOCK, 0), BLOCK);
  pattern_check("ghost", block, BLOCK, 2, 0);
  expect_eq(pread(file, block, BLOCK, HOLE / 2), BLOCK);
  for (int i = 0; i < BLOCK; i++)
    expect_eq(block[i], 0);
  expect_eq(pread(file, block, BLOCK, HOLE), BLOCK);
  pattern_check("ghost's end", block, BLOCK, 2, 0);
}

static void finish_deleted(void) {
  struct stat info;
  must(fstat(file, &info));
  expect(info.st_blocks * 512 < HOLE);
}

/* Opened by a name that is gone while another name remains. */
static void setup_relinked(int argc, char **argv) {
  char first[256];
  strcpy(first, scratch("first"));
  file = (int)must(open(first, O_RDWR | O_CREAT | O_EXCL, 0600));
  write_all(file, "linked", 6);
  must(link(first, scratch("second")));
  must(unlink(first));
}

static void check_relinked(void) {
  struct stat open_file, named;
  must(fstat(file, &open_file));
  must(stat(scratch("second"), &named));
  expect_eq(open_file.st_ino, named.st_ino);
  expect_content(scratch("second"), "linked");
  expect(access(scratch("first"), F_OK) < 0 && errno == ENOENT);
}

static void finish_relinked(void) {
  struct stat named;
  must(stat(scratch("second"), &named));
  expect_eq(named.st_nlink, 1);
}

/* Renamed while open: the descriptor follows. */
static void setup_renamed(int argc, char **argv) {
  char before[256];
  strcpy(before, scratch("before"));
  file = (int)must(open(before, O_RDWR | O_CREAT | O_EXCL, 0600));
  must(rename(before, scratch("after")));
}

static void check_renamed(void) {
  struct stat open_file, named;
  must(fstat(file, &open_file));
  must(stat(scratch("after"), &named));
  expect_eq(open_file.st_ino, named.st_ino);
}

/* A working directory that has been removed. */
static void setup_deleted_directory(int argc, char **argv) {
  const char *path = scratch("gone");
  must(mkdir(path, 0700));
  must(chdir(path));
  must(rmdir(path));
}

static void check_deleted_directory(void) {
  char path[256];
  expect(getcwd(path, sizeof path) == NULL && errno == ENOENT);
}

/* Times, modes, links, attributes of a tree that nobody has open. */
static const struct timespec stamp = {.tv_sec = 1000000000, .tv_nsec = 123456789};

static void setup_tree(int argc, char **argv) {
  char name[256];
  strcpy(name, scratch("one"));
  write_file(name, "content");
  must(chmod(name, 04751));
  must(link(name, scratch("hard")));
  must(symlink("one", scratch("soft")));
  must(mkfifo(scratch("fifo"), 0600));
  must(mkdir(scratch("directory"), 02770));
  must(chmod(scratch("directory"), 02770));
  const struct timespec times[2] = {stamp, stamp};
  must(utimensat(AT_FDCWD, name, times, 0));
  must(utimensat(AT_FDCWD, scratch("soft"), times, AT_SYMLINK_NOFOLLOW));
}

static void check_tree(void) {
  struct stat one, other;
  must(stat(scratch("one"), &one));
  must(stat(scratch("hard"), &other));
  expect_eq(one.st_ino, other.st_ino);
  expect_eq(one.st_nlink, 2);
  expect_eq(one.st_mode & 07777, 04751);
  expect_eq(one.st_mtim.tv_sec, stamp.tv_sec);
  expect_eq(one.st_mtim.tv_nsec, stamp.tv_nsec);
  must(lstat(scratch("soft"), &other));
  expect_eq(other.st_mtim.tv_nsec, stamp.tv_nsec);
  must(stat(scratch("directory"), &other));
  expect_eq(other.st_mode & 07777, 02770);
  must(stat(scratch("fifo"), &other));
  expect(S_ISFIFO(other.st_mode));
}

const struct workload file_workloads[] = {
    {"file-open", "offsets, shared offsets, flags, O_PATH, high numbers", setup_open, check_open,
     NULL},
    {"file-deleted", "a deleted file with a hole, still open", setup_deleted, check_deleted,
     finish_deleted},
    {"file-relinked", "a file whose opened name is gone, another is left", setup_relinked,
     check_relinked, finish_relinked},
    {"file-renamed", "a file renamed while open", setup_renamed, check_renamed, NULL},
    {"cwd-deleted", "a working directory that was removed", setup_deleted_directory,
     check_deleted_directory, NULL},
    {"file-tree", "modes, times and links of files nobody has open", setup_tree, check_tree, NULL},
    {0},
};
