/* `pod-init probe`: which ways this kernel has to tell the pages a process has written to. `pod-init pause`: a process
 * that does nothing, for a host that checks itself. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "util.h"
#include "verbs.h"

#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15) /* since Linux 6.7 */
#endif

/* struct pm_scan_arg of linux/fs.h, since Linux 6.7. */
struct scan {
  uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define PROBE_PAGEMAP_SCAN _IOWR('f', 16, struct scan)

enum { PAGE = 4096, SOFT_DIRTY_BIT = 55 };

static bool has_wp_async(void) {
  cleanup_fd int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
  struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_WP_ASYNC};
  return fd >= 0 && ioctl(fd, UFFDIO_API, &api) == 0 && (api.features & UFFD_FEATURE_WP_ASYNC) != 0;
}

static bool has_pagemap_scan(uintptr_t page) {
  cleanup_fd int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  struct scan scan = {.size = sizeof scan, .start = page, .end = page + PAGE};
  return fd >= 0 && ioctl(fd, PROBE_PAGEMAP_SCAN, &scan) >= 0;
}

/* A kernel without the feature takes the write to clear_refs and never sets the bit. */
static bool has_soft_dirty(volatile char *page) {
  cleanup_fd int clear = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
  cleanup_fd int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  uint64_t entry = 0;
  if (clear < 0 || pagemap < 0 || write(clear, "4", 1) != 1) return false;
  *page = 2;
  off_t offset = (off_t)((uintptr_t)page / PAGE * sizeof entry);
  return pread(pagemap, &entry, sizeof entry, offset) == sizeof entry && (entry >> SOFT_DIRTY_BIT & 1) != 0;
}

static const char *text(bool value) {
  return value ? "true" : "false";
}

int verb_probe(int argc, char **argv) {
  (void)argv;
  if (argc > 1) die("probe takes no arguments");
  char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) die_errno("mmap");
  *page = 1;
  return printf("{\"uffdWpAsync\":%s,\"pagemapScan\":%s,\"softDirty\":%s}\n", text(has_wp_async()),
                text(has_pagemap_scan((uintptr_t)page)), text(has_soft_dirty(page))) < 0;
}

int verb_pause(int argc, char **argv) {
  (void)argc;
  (void)argv;
  while (true)
    pause();
}
