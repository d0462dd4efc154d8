/* files DIRECTORY COUNT BYTES HOT BIG_BYTES HOT_BLOCKS: makes COUNT files of BYTES random bytes each, a hundred in a
 * directory, and one of BIG_BYTES; says `ready`; then, ten times a second, writes all of the HOT first files of the
 * directories anew, and the same HOT_BLOCKS blocks of the big file with new content. So what changed between two looks
 * at the tree is always the same HOT files and HOT_BLOCKS blocks. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { IN_DIRECTORY = 100, BLOCK = 4096, CHUNK = 1 << 20, REST_MS = 100 };

static uint64_t state = 88172645463325252u;
static uint64_t chunk[CHUNK / sizeof(uint64_t)];

static void fill(size_t bytes) {
  for (size_t i = 0; i < (bytes + 7) / 8; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    chunk[i] = state;
  }
}

static long must(long result, const char *what) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
  return result;
}

static void put(int file, size_t bytes, off_t at) {
  fill(bytes);
  must(pwrite(file, chunk, bytes, at), "pwrite");
}

static const char *name(const char *root, long number) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/d%ld/f%ld", root, number / IN_DIRECTORY, number);
  return path;
}

static void make(const char *path, off_t bytes) {
  int file = (int)must(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644), path);
  for (off_t at = 0; at < bytes; at += CHUNK)
    put(file, (size_t)(bytes - at < CHUNK ? bytes - at : CHUNK), at);
  must(close(file), "close");
}

static void make_tree(const char *root, long count, off_t bytes) {
  char path[4096];
  must(mkdir(root, 0755), root);
  for (long i = 0; i < count; i++) {
    if (i % IN_DIRECTORY == 0) {
      snprintf(path, sizeof path, "%s/d%ld", root, i / IN_DIRECTORY);
      must(mkdir(path, 0755), path);
    }
    make(name(root, i), bytes);
  }
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: files DIRECTORY COUNT BYTES HOT BIG_BYTES HOT_BLOCKS\n");
    return 2;
  }
  const char *root = argv[1];
  long count = atol(argv[2]), hot = atol(argv[4]), hot_blocks = atol(argv[6]);
  off_t bytes = atoll(argv[3]), big = atoll(argv[5]);
  char path[4096];
  make_tree(root, count, bytes);
  snprintf(path, sizeof path, "%s/big", root);
  make(path, big);
  int file = (int)must(open(path, O_WRONLY), path);
  puts("ready");
  fflush(stdout);
  for (;;) {
    for (long i = 0; i < hot; i++)
      make(name(root, i * (count / hot)), bytes);
    for (long i = 0; i < hot_blocks; i++)
      put(file, BLOCK, i * (big / BLOCK / hot_blocks) * BLOCK);
    nanosleep(&(struct timespec){.tv_nsec = REST_MS * 1000000L}, NULL);
  }
}
