/* The index of `fill`, and where moved pages are. */
#include <sys/mman.h>

#include "fill_index.h"
#include "fill_moves.h"
#include "tap.h"

/* Two tasks: 7 with runs of 3 and 2 pages, 9 with one of 4. */
struct file {
  struct fill_header header;
  struct fill_task tasks[2];
  struct fill_run runs[3];
  struct fill_hot hot[1];
  uint32_t slots[10];
};

#define AT(member) offsetof(struct file, member)

static const struct file GOOD = {
    .header = {FILL_MAGIC, FILL_VERSION, 2, sizeof(struct file), AT(hot), 1},
    .tasks = {{7, 2, AT(runs), 5, AT(slots)}, {9, 1, AT(runs) + 2 * sizeof(struct fill_run), 4, AT(slots) + 24}},
    .runs = {{0x10000, 3, 0}, {0x20000, 2, 3}, {0x10000, 4, 0}},
    .hot = {{7, 0, 3, 2}},
    .slots = {0, 1, FILL_ZERO, FILL_REMOTE, 2 | FILL_SHARED, 0, 3, 4, 5, 6},
};

static struct fill_index index_now;
static struct failure why;

static int opens(const struct file *file, size_t length) {
  int fd = memfd_create("index", MFD_CLOEXEC);
  if (write_all(fd, file, length) < 0) return -1;
  int result = fill_index_open(&index_now, fd, 7, &why);
  close(fd);
  return result;
}

/* Whether the good index with 8 bytes changed is refused. */
static void refuses(size_t offset, uint64_t value, size_t size, const char *what) {
  struct file bad = GOOD;
  memcpy((char *)&bad + offset, &value, size);
  int result = opens(&bad, sizeof bad);
  ok(result < 0, what);
  if (result == 0) fill_index_close(&index_now);
}

static void test_reading(void) {
  ok(opens(&GOOD, sizeof GOOD) == 0, "a good index");
  ok(index_now.pages == 9 && index_now.max_pages == 5, "its pages");
  ok(fill_index_task(&index_now, 9) == 1 && fill_index_task(&index_now, 8) == -1, "tasks by vpid");
  ok(fill_index_at(&index_now, 0, 0xffff) == NULL && fill_index_at(&index_now, 0, 0x13000) == NULL, "no run there");
  ok(fill_index_at(&index_now, 0, 0x12fff)->first_ordinal == 0, "the end of a run");
  ok(fill_index_at(&index_now, 0, 0x20000)->first_ordinal == 3, "the start of a run");
  ok(fill_index_after(&index_now, 0, 0x10000)->address == 0x20000, "the run after");
  ok(fill_index_after(&index_now, 0, 0x20000) == NULL, "none after the last");
  ok(fill_index_of(&index_now, 0, 2)->address == 0x10000, "the run of a page");
  ok(fill_index_of(&index_now, 0, 3)->address == 0x20000, "of the next");
  ok(fill_index_slot(&index_now, 0, 3) == FILL_REMOTE && fill_index_slot(&index_now, 1, 3) == 6, "slots");
  fill_index_close(&index_now);
}

static void test_refusing(void) {
  ok(opens(&GOOD, 39) < 0, "shorter than a header");
  ok(opens(&GOOD, sizeof GOOD - 8) < 0, "cut off");
  refuses(AT(header.magic), 0, 8, "no magic");
  refuses(AT(header.version), 2, 4, "another version");
  refuses(AT(header.tasks), 1 << 20, 4, "too many tasks");
  refuses(AT(header.hot_offset), UINT64_MAX - 7, 8, "hot beyond the end");
  refuses(AT(header.hot_count), UINT64_MAX / 8, 8, "so many hot that it wraps");
  refuses(AT(tasks[1].vpid), 7, 4, "a vpid twice");
  refuses(AT(tasks[0].vpid), UINT32_MAX, 4, "a negative vpid");
  refuses(AT(tasks[0].runs), 100, 4, "runs beyond the end");
  refuses(AT(tasks[0].runs_offset), AT(runs) + 4, 8, "runs not aligned");
  refuses(AT(tasks[0].pages), 6, 8, "more pages than in the runs");
  refuses(AT(tasks[0].slots_offset), sizeof(struct file), 8, "slots beyond the end");
  refuses(AT(runs[0].address), 0x10001, 8, "an odd address");
  refuses(AT(runs[0].address), 0, 8, "the address 0");
  refuses(AT(runs[1].address), 0x12000, 8, "runs that overlap");
  refuses(AT(runs[1].pages), 0, 8, "an empty run");
  refuses(AT(runs[1].pages), UINT64_MAX / 4096, 8, "a run without end");
  refuses(AT(runs[1].first_ordinal), 2, 8, "ordinals that overlap");
  refuses(AT(hot[0].vpid), 8, 4, "hot pages of nobody");
  refuses(AT(hot[0].pages), 3, 8, "more hot pages than there are");
  refuses(AT(slots[1]), 7, 4, "a slot beyond the store");
}

static void test_moves(void) {
  /* B to C, then A to B, then C to D: what was at B is at D, what was at A is at B, nothing is at A and C. */
  enum { A = 0x10000, B = 0x20000, C = 0x30000, D = 0x40000, LENGTH = 0x4000 };
  const struct fill_move moves[] = {{B, C, LENGTH}, {A, B, LENGTH}, {C, D, LENGTH}};
  uint64_t address = D + 0x1000, span = 0x10000;
  ok(fill_origin(moves, 3, &address, &span) && address == B + 0x1000 && span == 0x3000, "moved twice");
  address = B, span = 0x1000;
  ok(fill_origin(moves, 3, &address, &span) && address == A && span == 0x1000, "moved to where something was");
  address = A, span = 0x8000;
  ok(!fill_origin(moves, 3, &address, &span) && span == LENGTH, "moved away");
  address = A - 0x2000, span = 0x8000;
  ok(fill_origin(moves, 3, &address, &span) && address == A - 0x2000 && span == 0x2000, "up to what was moved");
  address = B, span = 0x8000;
  ok(fill_current(moves, 3, &address, &span) && address == D && span == LENGTH, "where is it now");
  address = A + 0x3000, span = 0x8000;
  ok(fill_current(moves, 3, &address, &span) && address == B + 0x3000 && span == 0x1000, "and the other");
  address = C, span = 0x1000;
  ok(!fill_current(moves, 3, &address, &span), "what others were moved over is lost");
}

int main(void) {
  test_reading();
  test_refusing();
  test_moves();
  return done_testing();
}
