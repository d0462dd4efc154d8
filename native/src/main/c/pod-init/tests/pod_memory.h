/* A process that is filled: memory at fixed addresses, what each of its pages should hold, and things a process does to
 * its memory. Without CRIU: it makes its userfaultfd itself and sends it as CRIU would. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, GROUP = 4, FIRST = 6000, SECOND = 2000, PAGES = FIRST + SECOND, BEYOND = 16 };

/* Outside of what the address sanitizer takes for itself. */
#define BASE UINT64_C(0x200000000000)
#define BASE2 (BASE + (UINT64_C(1) << 30))
#define ELSEWHERE (BASE + (UINT64_C(1) << 40))

static inline uint64_t first_address(uint32_t page) {
  return page < FIRST ? BASE + (uint64_t)page * PAGE : BASE2 + (uint64_t)(page - FIRST) * PAGE;
}

/* What a page holds, as a number: 0 is zeros; up to PAGES what was restored; above what was written since. */
static inline uint32_t restored(uint32_t page) {
  return page % 13 == 5 ? 0 : page % 17 == 3 ? 4 : page + 1;
}

static inline uint64_t word_of(uint32_t content, uint32_t word) {
  return content == 0 ? 0 : (content * UINT64_C(0x9e3779b97f4a7c15)) ^ (word * UINT64_C(0xff51afd7ed558ccd));
}

static inline void put_content(uint64_t *at, uint32_t content) {
  for (uint32_t word = 0; word < PAGE / 8; word++)
    at[word] = word_of(content, word);
}

static struct pod {
  uint64_t *at[PAGES]; /* NULL: unmapped */
  uint32_t holds[PAGES];
  uint64_t elsewhere;
  uint32_t written;
  uint64_t random;
} pod;

static inline uint32_t choose(uint32_t below) {
  pod.random = pod.random * UINT64_C(6364136223846793005) + 1442695040888963407u;
  return (uint32_t)((pod.random >> 33) % below);
}

static _Noreturn inline void wrong(const char *what, uint32_t page) {
  printf("# pid %d: %s: page %u at %p: word 0 is %llx\n", (int)getpid(), what, page, (void *)pod.at[page],
         pod.at[page] == NULL ? 0 : (unsigned long long)pod.at[page][0]);
  fflush(stdout);
  _exit(1);
}

static inline void check_page(uint32_t page) {
  if (pod.at[page] == NULL) return;
  for (uint32_t word = 0; word < PAGE / 8; word += 73)
    if (pod.at[page][word] != word_of(pod.holds[page], word)) wrong("not what it was", page);
}

static inline void check_all(void) {
  uint32_t start = choose(PAGES);
  for (uint32_t i = 0; i < PAGES; i++)
    check_page((start + i * 7) % PAGES);
  for (uint32_t i = 0; i < BEYOND; i++)
    if (*(volatile uint64_t *)(BASE + (uint64_t)(FIRST + i) * PAGE) != 0) wrong("beyond is not zero", i);
}

static inline void write_page(uint32_t page) {
  if (pod.at[page] == NULL) return;
  pod.holds[page] = PAGES + 1 + pod.written++;
  put_content(pod.at[page], pod.holds[page]);
}

/* The others work on a group, which always lies within one mapping. */
static inline void discard(uint32_t group) {
  uint32_t page = group * GROUP;
  if (pod.at[page] == NULL || madvise(pod.at[page], GROUP * PAGE, MADV_DONTNEED) < 0) return;
  for (uint32_t i = 0; i < GROUP; i++)
    pod.holds[page + i] = 0;
}

static inline void unmap(uint32_t group) {
  uint32_t page = group * GROUP;
  if (pod.at[page] == NULL || munmap(pod.at[page], GROUP * PAGE) < 0) return;
  for (uint32_t i = 0; i < GROUP; i++)
    pod.at[page + i] = NULL;
}

/* To a new address; sometimes something else is mapped where it was, or where another group once was. */
static inline void move(uint32_t group, bool reuse) {
  uint32_t page = group * GROUP;
  uint64_t *from = pod.at[page], *to = (uint64_t *)pod.elsewhere;
  if (from == NULL) return;
  if (mremap(from, GROUP * PAGE, GROUP * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED) {
    printf("# mremap: %s\n", strerror(errno));
    _exit(3);
  }
  pod.elsewhere += GROUP * PAGE;
  for (uint32_t i = 0; i < GROUP; i++)
    pod.at[page + i] = to + i * PAGE / 8;
  if (!reuse) return;
  /* Another group comes to where this one was. */
  uint32_t other = choose(PAGES / GROUP) * GROUP;
  if (pod.at[other] == NULL || other == page) return;
  if (mremap(pod.at[other], GROUP * PAGE, GROUP * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, from) == MAP_FAILED) _exit(3);
  for (uint32_t i = 0; i < GROUP; i++)
    pod.at[other + i] = from + i * PAGE / 8;
}

static inline int ending(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return 98;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

/* Random deeds, with children that do the same. */
static inline void storm(int steps, int generations, int pause_us) {
  pid_t children[4];
  int count = 0;
  for (int i = 0; i < steps; i++) {
    uint32_t deed = choose(100), page = choose(PAGES);
    if (deed < 60)
      check_page(page);
    else if (deed < 75)
      write_page(page);
    else if (deed < 80)
      discard(page / GROUP);
    else if (deed < 83)
      unmap(page / GROUP);
    else if (deed < 90)
      move(page / GROUP, deed < 86);
    else if (deed < 92 && generations > 0 && count < 4) {
      fflush(stdout);
      children[count] = fork();
      if (children[count] == 0) {
        pod.random ^= (uint64_t)getpid() << 32;
        storm(steps / 2, generations - 1, pause_us);
        check_all();
        _exit(0);
      }
      if (children[count] > 0) count++;
    } else if (pause_us > 0)
      usleep((useconds_t)choose((uint32_t)pause_us));
  }
  for (int i = 0; i < count; i++)
    if (ending(children[i]) != 0) wrong("a child failed", 0);
}

/* Sends what CRIU sends, then registers what it registers, in its order. */
static inline int be_restored(int socket, int32_t vpid, uint64_t seed) {
  int uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
  struct uffdio_api api = {.api = UFFD_API,
                           .features = UFFD_FEATURE_EVENT_FORK | UFFD_FEATURE_EVENT_REMAP | UFFD_FEATURE_EVENT_UNMAP |
                                       UFFD_FEATURE_EVENT_REMOVE};
  if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) < 0) return -1;
  char control[CMSG_SPACE(sizeof uffd)] = {0}, byte = 0;
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof uffd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(header), &uffd, sizeof uffd);
  if (send(socket, &vpid, sizeof vpid, 0) != sizeof vpid || sendmsg(socket, &message, 0) != 1) return -1;
  const struct { uint64_t start, pages; } ranges[] = {{BASE, FIRST + BEYOND}, {BASE2, SECOND}};
  for (int i = 0; i < 2; i++) {
    struct uffdio_register registering = {.range = {ranges[i].start, ranges[i].pages * PAGE},
                                          .mode = UFFDIO_REGISTER_MODE_MISSING};
    if (mmap((void *)ranges[i].start, ranges[i].pages * PAGE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0) == MAP_FAILED ||
        ioctl(uffd, UFFDIO_REGISTER, &registering) < 0)
      return -1;
  }
  close(uffd);
  pod = (struct pod){.elsewhere = ELSEWHERE, .random = seed};
  for (uint32_t page = 0; page < PAGES; page++) {
    pod.at[page] = (uint64_t *)first_address(page);
    pod.holds[page] = restored(page);
  }
  return 0;
}
