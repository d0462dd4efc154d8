/* Preloaded into CRIU for a dump: pages that Podkit moves itself look to CRIU as if they were not there, so that the
 * frozen time does not contain reading them (docs/adr/0009). CRIU asks the kernel through PAGEMAP_SCAN of
 * /proc/PID/pagemap for private memory, and through lseek(SEEK_DATA) for shared memory objects; nothing else is touched.
 * Without a plan every call passes unchanged. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "plan.h"

#define EXPORT __attribute__((visibility("default")))

/* struct pm_scan_arg of linux/fs.h, since Linux 6.7. */
struct scan {
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
struct region {
  uint64_t start, end, categories;
};
#define SCAN_REQUEST _IOWR('f', 16, struct scan)

enum { PAGE_IS_PRESENT = 1 << 3, PATH_SIZE = 64 };

EXPORT int ioctl(int fd, unsigned long request, ...);
EXPORT off_t lseek(int fd, off_t offset, int whence);
EXPORT off64_t lseek64(int fd, off64_t offset, int whence);

/* The plan is written when the tasks stand still, which is after this library was loaded: looked for until it is there.
 * NULL without one. One that cannot be read ends CRIU, and so the dump: it would read what nobody wants. */
static const struct plan *the_plan(void) {
  static const struct plan *plan;
  const char *path = plan == NULL ? getenv("PODKIT_PAGE_FILTER") : NULL;
  if (path == NULL) return plan;
  int saved = errno, fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno = saved, NULL;
  struct stat file;
  void *mapped = MAP_FAILED;
  if (fstat(fd, &file) == 0 && (size_t)file.st_size >= sizeof *plan)
    mapped = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  const struct plan *found = mapped;
  if (mapped == MAP_FAILED || found->magic != PLAN_MAGIC ||
      (uint64_t)file.st_size != sizeof *found + found->ranges * sizeof(struct plan_range) +
                                    found->objects * sizeof(struct plan_object)) {
    fprintf(stderr, "page filter: %s is damaged\n", path);
    _exit(1);
  }
  errno = saved;
  return plan = found;
}

static const struct plan_range *ranges_of(const struct plan *plan) {
  return (const struct plan_range *)(plan + 1);
}

/* The process whose pagemap that is; 0 if it is something else. */
static uint64_t owner_of_pagemap(int fd) {
  char link[PATH_SIZE], path[PATH_SIZE], *rest;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  for (rest = path; *rest != '\0' && (*rest < '0' || *rest > '9'); rest++)
    ;
  return strtoull(rest, NULL, 10);
}

/* The first range of the process that ends above the address; NULL if there is none. */
static const struct plan_range *first_above(const struct plan *plan, uint64_t pid, uint64_t address) {
  size_t low = 0, high = plan->ranges;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct plan_range *range = &ranges_of(plan)[middle];
    if (range->pid < pid || (range->pid == pid && range->end <= address))
      low = middle + 1;
    else
      high = middle;
  }
  return low < plan->ranges && ranges_of(plan)[low].pid == pid ? &ranges_of(plan)[low] : NULL;
}

/* Scans what lies between the ranges of the plan. As the kernel does, it ends early when the vector is full. */
static long scan_around(int fd, const struct plan *plan, uint64_t pid, struct scan *scan) {
  uint64_t at = scan->start, found = 0;
  while (at < scan->end) {
    const struct plan_range *ours = first_above(plan, pid, at);
    if (ours != NULL && ours->start <= at) {
      at = ours->end < scan->end ? ours->end : scan->end;
      continue;
    }
    struct scan part = *scan;
    part.start = at;
    part.end = ours != NULL && ours->start < scan->end ? ours->start : scan->end;
    part.vec = scan->vec + found * sizeof(struct region);
    part.vec_len = scan->vec_len - found;
    if (part.vec_len == 0) break;
    long got = syscall(SYS_ioctl, fd, SCAN_REQUEST, &part);
    if (got < 0) return got;
    found += (uint64_t)got;
    at = part.walk_end;
    if (at < part.end) break;
  }
  scan->walk_end = at;
  return (long)found;
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  struct scan *scan = argument;
  /* CRIU also scans for guard regions, which it has to see. */
  if (request == SCAN_REQUEST && (scan->category_anyof_mask & PAGE_IS_PRESENT) != 0) {
    const struct plan *plan = the_plan();
    uint64_t pid = plan == NULL ? 0 : owner_of_pagemap(fd);
    if (pid != 0 && first_above(plan, pid, 0) != NULL) return (int)scan_around(fd, plan, pid, scan);
  }
  return (int)syscall(SYS_ioctl, fd, request, argument);
}

static int is_ours(const struct plan *plan, int fd) {
  struct stat file;
  if (plan == NULL || plan->objects == 0 || fstat(fd, &file) < 0) return 0;
  const struct plan_object *object = (const struct plan_object *)(ranges_of(plan) + plan->ranges);
  for (uint64_t i = 0; i < plan->objects; i++, object++)
    if (object->inode == file.st_ino && object->major == major(file.st_dev) && object->minor == minor(file.st_dev))
      return 1;
  return 0;
}

off_t lseek(int fd, off_t offset, int whence) {
  if (whence == SEEK_DATA && is_ours(the_plan(), fd)) return errno = ENXIO, (off_t)-1; /* no data from there on */
  return syscall(SYS_lseek, fd, offset, whence);
}

off64_t lseek64(int fd, off64_t offset, int whence) {
  return lseek(fd, offset, whence);
}
