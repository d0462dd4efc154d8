/* Memory that two processes share, by every way to get it. */
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGES = 64, PAGE = 4096, LENGTH = PAGES * PAGE };

/* Parent and child take turns: each adds one to `turn` when it has verified the pattern of the
 * other. */
struct board {
  volatile uint32_t turn;
  uint8_t bytes[LENGTH - sizeof(uint32_t)];
};

static struct board *board;
static pid_t partner;

static void play(uint32_t parity) {
  if (board->turn % 2 != parity)
    return;
  uint32_t turn = board->turn;
  pattern_check("shared memory", board->bytes, sizeof board->bytes, turn, 0);
  pattern_fill(board->bytes, sizeof board->bytes, turn + 1, 0);
  __sync_synchronize();
  board->turn = turn + 1;
}

static void play_odd(void *argument) {
  for (;; sleep_ms(5))
    play(1);
}

static struct board *map(int fd, int flags) {
  void *memory = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);
  if (memory == MAP_FAILED)
    fail("mmap: %s", strerror(errno));
  return memory;
}

static void start_game(struct board *where) {
  board = where;
  pattern_fill(board->bytes, sizeof board->bytes, 0, 0);
  partner = spawn(play_odd, NULL);
}

static void check_game(void) {
  uint32_t before = board->turn;
  for (long end = now_ms() + 5000; board->turn < before + 2; sleep_ms(1)) {
    play(0);
    expect_alive(partner);
    expect(now_ms() < end);
  }
}

static void setup_anonymous(int argc, char **argv) {
  start_game(map(-1, MAP_ANONYMOUS));
}

static int memory_file;
static const int seals = F_SEAL_SHRINK | F_SEAL_GROW;

static void setup_memfd(int argc, char **argv) {
  memory_file = (int)must(memfd_create("board", MFD_ALLOW_SEALING | MFD_CLOEXEC));
  must(ftruncate(memory_file, LENGTH));
  must(fcntl(memory_file, F_ADD_SEALS, seals));
  must(lseek(memory_file, 123, SEEK_SET));
  start_game(map(memory_file, 0));
}

static void check_memfd(void) {
  expect_eq(fcntl(memory_file, F_GET_SEALS), seals);
  expect_eq(lseek(memory_file, 0, SEEK_CUR), 123);
  expect(ftruncate(memory_file, LENGTH / 2) < 0 && errno == EPERM);
  uint32_t turn;
  expect_eq(pread(memory_file, &turn, sizeof turn, 0), sizeof turn);
  expect(turn == board->turn || turn + 1 == board->turn);
  check_game();
}

static void setup_posix(int argc, char **argv) {
  memory_file = (int)must(shm_open("/board", O_RDWR | O_CREAT | O_EXCL, 0600));
  must(ftruncate(memory_file, LENGTH));
  start_game(map(memory_file, 0));
}

/* Whoever opens the name afresh finds the same memory. */
static void check_posix(void) {
  check_game();
  int again = (int)must(shm_open("/board", O_RDONLY, 0));
  struct stat one, other;
  must(fstat(again, &one));
  must(fstat(memory_file, &other));
  expect_eq(one.st_ino, other.st_ino);
  expect_eq(one.st_size, LENGTH);
  must(close(again));
}

static void setup_file(int argc, char **argv) {
  memory_file = (int)must(open(scratch("board"), O_RDWR | O_CREAT | O_EXCL, 0600));
  must(ftruncate(memory_file, LENGTH));
  start_game(map(memory_file, 0));
}

static void setup_deleted_file(int argc, char **argv) {
  setup_file(argc, argv);
  must(unlink(scratch("board")));
  must(close(memory_file));
}

/* A private mapping of a file: some pages are the file's, some were written. */
static uint8_t *private_map;

static void setup_private(int argc, char **argv) {
  uint8_t page[PAGE];
  int fd = (int)must(open(scratch("file"), O_RDWR | O_CREAT | O_EXCL, 0600));
  for (int i = 0; i < PAGES; i++) {
    pattern_fill(page, PAGE, 5, (uint64_t)i * PAGE);
    write_all(fd, page, PAGE);
  }
  private_map = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  expect(private_map != MAP_FAILED);
  must(close(fd));
  for (int i = 0; i < PAGES; i += 2)
    pattern_fill(private_map + i * PAGE, PAGE, 6, (uint64_t)i * PAGE);
  must(mprotect(private_map + 8 * PAGE, PAGE, PROT_READ));
}

static void check_private(void) {
  for (int i = 0; i < PAGES; i++)
    pattern_check("private mapping", private_map + i * PAGE, PAGE, i % 2 ? 5 : 6,
                  (uint64_t)i * PAGE);
}

/* Mappings whose attributes matter: unreadable, locked, not inherited, growing down, half unmapped.
 */
static uint8_t *guard;

static void setup_attributes(int argc, char **argv) {
  guard = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  expect(guard != MAP_FAILED);
  pattern_fill(guard, 8 * PAGE, 9, 0);
  must(mprotect(guard + PAGE, PAGE, PROT_NONE));
  must(munmap(guard + 3 * PAGE, PAGE));
  must(mlock(guard + 4 * PAGE, PAGE));
  must(madvise(guard + 5 * PAGE, PAGE, MADV_DONTFORK));
  must(madvise(guard + 6 * PAGE, PAGE, MADV_DONTDUMP));
}

static bool readable(const uint8_t *address) {
  int ends[2];
  must(pipe(ends));
  bool answer = write(ends[1], address, 1) == 1;
  expect(answer || errno == EFAULT);
  must(close(ends[0]));
  must(close(ends[1]));
  return answer;
}

static void expect_flag(const uint8_t *address, const char *flag) {
  FILE *smaps = fopen("/proc/self/smaps", "re");
  expect(smaps != NULL);
  char line[512];
  bool here = false, found = false;
  while (fgets(line, sizeof line, smaps)) {
    unsigned long start, end;
    if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
      here = start <= (unsigned long)address && (unsigned long)address < end;
    else if (here && strncmp(line, "VmFlags:", 8) == 0)
      found = strstr(line, flag) != NULL;
  }
  fclose(smaps);
  if (!found)
    fail("the mapping has lost its flag '%s'", flag);
}

static void check_attributes(void) {
  static const bool open_to_read[] = {true, false, true, false, true, true, true, true};
  for (int i = 0; i < 8; i++) {
    expect_eq(readable(guard + i * PAGE), open_to_read[i]);
    if (open_to_read[i])
      pattern_check("page", guard + i * PAGE, PAGE, 9, (uint64_t)i * PAGE);
  }
  expect_flag(guard + 4 * PAGE, " lo");
  expect_flag(guard + 5 * PAGE, " dc");
  expect_flag(guard + 6 * PAGE, " dd");
}

static void finish_attributes(void) {
  must(mprotect(guard + PAGE, PAGE, PROT_READ));
  pattern_check("page behind PROT_NONE", guard + PAGE, PAGE, 9, PAGE);
}

const struct workload shm_workloads[] = {
    {"shm-anonymous", "anonymous memory shared by two processes", setup_anonymous, check_game,
     NULL},
    {"memfd", "a sealed memfd, mapped by two processes", setup_memfd, check_memfd, NULL},
    {"shm-posix", "shm_open in /dev/shm", setup_posix, check_posix, NULL},
    {"map-file", "a file mapped by two processes", setup_file, check_game, NULL},
    {"map-deleted", "the same, the file is deleted and closed", setup_deleted_file, check_game,
     NULL},
    {"map-private", "a private mapping of a file, partly written", setup_private, check_private,
     NULL},
    {"map-attributes", "unreadable, locked, unmapped, not inherited pages", setup_attributes,
     check_attributes, finish_attributes},
    {0},
};
