/* Shared memory of every kind, changed by two processes in turn.
 *
 * What happens in a turn follows from its number alone. So each process keeps a book of its own of
 * what both have done, and either sees what the other wrote, by whatever way it got there. */
#include "adversary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

enum { MEMFD, SYSV, ANONYMOUS, OBJECTS };
enum { PLAYERS = 2, SHM_KEY = 0x706f6461 };

/* Of a memfd the last quarter is never mapped: only pread and pwrite reach it. */
struct object {
  uint8_t *views[2]; /* a memfd is mapped twice */
  size_t pages, mapped;
  int fd, id;
  struct book book;
  size_t next;
};

struct table {
  volatile uint64_t turn; /* whose turn it is: turn % PLAYERS */
};

struct seat {
  unsigned me;
  uint64_t known; /* turns that are in the books */
};

static struct table *table;
static struct object objects[OBJECTS];
static uint64_t game;

static void *view_of(const struct object *object, void *at) {
  int flags = MAP_SHARED | (at ? MAP_FIXED : 0) | (object->fd < 0 ? MAP_ANONYMOUS : 0);
  void *view = mmap(at, object->mapped * PAGE, PROT_READ | PROT_WRITE, flags, object->fd, 0);
  if (view == MAP_FAILED)
    fail("mmap of %zu shared pages: %s", object->mapped, strerror(errno));
  return view;
}

static void open_object(int kind, size_t pages) {
  struct object *object = &objects[kind];
  *object = (struct object){.pages = pages, .mapped = pages, .fd = -1};
  if (kind == MEMFD) {
    object->mapped = pages - pages / 4;
    object->fd = (int)must(memfd_create("adversary", MFD_CLOEXEC));
    must(ftruncate(object->fd, (off_t)pages * PAGE));
  }
  if (kind == SYSV) {
    object->id = (int)must(shmget(SHM_KEY, pages * PAGE, IPC_CREAT | IPC_EXCL | 0600));
    object->views[0] = shmat(object->id, NULL, 0);
    expect(object->views[0] != (void *)-1);
  } else {
    object->views[0] = view_of(object, NULL);
  }
  object->views[1] = kind == MEMFD ? view_of(object, NULL) : object->views[0];
  book_open(&object->book, pages, (struct entry){0});
}

static void expect_shared(const struct object *object, size_t i, size_t view) {
  uint8_t page[PAGE];
  const uint8_t *at = page;
  if (i < object->mapped)
    at = object->views[view] + i * PAGE;
  else
    expect_eq(pread(object->fd, page, PAGE, (off_t)i * PAGE), PAGE);
  expect_page(at, game + (uint64_t)(object - objects), i, book_get(&object->book, i).generation);
}

static void put(struct object *object, size_t i, uint32_t generation, bool by_file, size_t view) {
  uint64_t space = game + (uint64_t)(object - objects);
  uint8_t page[PAGE];
  if (i < object->mapped && !(by_file && object->fd >= 0)) {
    page_write(object->views[view] + i * PAGE, space, i, generation);
    return;
  }
  page_write(page, space, i, generation);
  expect_eq(pwrite(object->fd, page, PAGE, (off_t)i * PAGE), PAGE);
}

/* A view goes and comes back at the same place; nothing is lost. */
static void reattach(struct object *object, size_t view) {
  if (object == &objects[SYSV]) {
    must(shmdt(object->views[0]));
    void *again = shmat(object->id, object->views[0], 0);
    expect(again == object->views[0]);
  } else if (object == &objects[MEMFD]) {
    must(munmap(object->views[view], object->mapped * PAGE));
    view_of(object, object->views[view]);
  }
}

static void punch(struct object *object, size_t i, bool by_file) {
  if (by_file && object->fd >= 0)
    must(fallocate(object->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)i * PAGE, PAGE));
  else
    must(madvise(object->views[0] + i * PAGE, PAGE, MADV_REMOVE));
}

/* One turn, really or only in the book. */
static void play(uint64_t turn, bool really) {
  uint64_t dice = seed_from(game, turn, 3);
  struct object *object = &objects[next_random(&dice) % OBJECTS];
  uint64_t what = (next_random(&dice) >> 16) % 16;
  size_t length = 1 + (next_random(&dice) >> 16) % 4, view = dice >> 32 & 1;
  bool by_file = dice >> 33 & 1;
  size_t from = (next_random(&dice) >> 16) % (object->pages - length + 1);
  if (what == 0) {
    if (really) {
      doing("detach and attach");
      reattach(object, view);
    }
    return;
  }
  for (size_t i = from; i < from + length; i++) {
    struct entry entry = book_get(&object->book, i);
    if (really)
      expect_shared(object, i, view);
    if (what == 1) {
      if (i >= object->mapped)
        continue;
      entry.generation = 0;
      if (really) {
        doing("punch a hole");
        punch(object, i, by_file);
      }
    } else {
      entry.generation = (uint32_t)turn + 1;
      if (really) {
        doing("write to shared memory");
        put(object, i, entry.generation, by_file, view);
      }
    }
    book_set(&object->book, i, entry);
    if (really)
      expect_shared(object, i, !view);
  }
}

/* Follows in the book what the other has done. */
static void catch_up(struct seat *seat) {
  uint64_t turn = table->turn;
  __sync_synchronize();
  for (; seat->known < turn; seat->known++)
    play(seat->known, false);
}

static bool my_turn(struct seat *seat) {
  catch_up(seat); /* the turn may go on meanwhile: what counts is the one that is in the books */
  return seat->known % PLAYERS == seat->me;
}

static void start_player(struct worker *worker) {
  struct seat *seat = worker->own = calloc(1, sizeof *seat);
  expect(seat);
  seat->me = worker->number;
}

static void operate_player(struct worker *worker) {
  struct seat *seat = worker->own;
  if (!my_turn(seat))
    return;
  play(seat->known, true);
  seat->known++;
  __sync_synchronize();
  table->turn = seat->known;
}

/* Only who has the turn knows that nobody writes. Without a rate nobody does at all. */
static void look_at(struct worker *worker, size_t pages) {
  struct seat *seat = worker->own;
  if (!my_turn(seat) && worker->rate > 0)
    return;
  for (size_t o = 0; o < OBJECTS; o++)
    for (size_t n = 0; n < pages && n < objects[o].pages; n++, objects[o].next++)
      expect_shared(&objects[o], objects[o].next % objects[o].pages, n % 2);
}

static void look_player(struct worker *worker) {
  look_at(worker, 64);
}

/* Waits for its turn, which comes as long as the other lives. */
static void verify_player(struct worker *worker) {
  struct seat *seat = worker->own;
  while (worker->rate > 0 && !my_turn(seat))
    sleep_ms(1);
  for (size_t o = 0; o < OBJECTS; o++)
    book_check(&objects[o].book);
  look_at(worker, SIZE_MAX);
  if (worker->rate > 0) { /* the other may wait for it, too */
    play(seat->known, true);
    seat->known++;
    __sync_synchronize();
    table->turn = seat->known;
  }
}

static const struct kind player_kind = {start_player, operate_player, look_player, verify_player};

static void setup_shared(int argc, char **argv) {
  struct options options = adversary_options(argc, argv, 500, 6);
  game = seed_from(options.seed, 0x5a, 0) << 8;
  table = shared_memory(sizeof *table);
  for (int kind = 0; kind < OBJECTS; kind++)
    open_object(kind, options.pages / OBJECTS);
  start_processes(&player_kind, options, PLAYERS);
}

/* The namespace keeps the segment while anyone is attached. */
static void finish_shared(void) {
  verify_workers();
  must(shmctl(objects[SYSV].id, IPC_RMID, NULL));
}

const struct workload shared_adversaries[] = {
    {"adversary-shared", "memfd, System V and anonymous memory, changed by two processes",
     setup_shared, check_workers, finish_shared, .verify = verify_workers},
    {0},
};
