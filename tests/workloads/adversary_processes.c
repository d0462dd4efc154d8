/* Adversaries of many processes and threads: copies on write, stacks, thread-locals, malloc, and
 * memory that the kernel writes on a program's behalf. */
#include "regions.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- fork: a heap that parent, children and grandchildren share until one writes --- */

enum { CHILDREN = 3, INFANTS = 3 };

struct family {
  struct region heap; /* inherited: each writes its own generations over the common ones */
  pid_t infants[INFANTS];
};

static struct region heirloom;

static void start_fork(struct worker *worker) {
  struct family *family = worker->own = calloc(1, sizeof *family);
  expect(family);
  family->heap = heirloom;
}

/* Lives for some milliseconds: verifies what it was born with, writes, verifies what it wrote. */
static _Noreturn void infancy(struct worker *worker, struct family *family) {
  must(prctl(PR_SET_PDEATHSIG, SIGKILL));
  doing("a child's life");
  worker->random = seed_from(worker->random, (uint64_t)getpid(), 7);
  region_look(&family->heap, 64);
  size_t rounds = 1 + below(worker, 8);
  for (size_t i = 0; i < rounds; i++) {
    region_write_some(worker, &family->heap);
    region_discard(worker, &family->heap);
    sleep_ms((long)below(worker, 10));
  }
  region_verify(&family->heap);
  _exit(0);
}

static void reap(pid_t *infant, int flags) {
  int status;
  pid_t ended = *infant ? (pid_t)must(waitpid(*infant, &status, flags)) : 0;
  if (ended == 0)
    return;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail("child %d ended with wait status 0x%x", *infant, (unsigned)status);
  *infant = 0;
}

static void operate_fork(struct worker *worker) {
  struct family *family = worker->own;
  pid_t *infant = &family->infants[below(worker, INFANTS)];
  if (below(worker, 16) != 0) {
    region_write_some(worker, &family->heap);
    return;
  }
  doing("fork");
  reap(infant, WNOHANG);
  if (*infant)
    return;
  pid_t child = (pid_t)must(fork());
  if (child == 0)
    infancy(worker, family);
  *infant = child;
}

static void look_fork(struct worker *worker) {
  struct family *family = worker->own;
  region_look(&family->heap, 128);
  for (size_t i = 0; i < INFANTS; i++)
    reap(&family->infants[i], WNOHANG);
}

static void verify_fork(struct worker *worker) {
  struct family *family = worker->own;
  region_verify(&family->heap);
}

static const struct kind fork_kind = {start_fork, operate_fork, look_fork, verify_fork};

/* The first process keeps the heap, too, and never writes: what the others do must not show. */
static void setup_fork(int argc, char **argv) {
  struct options options = adversary_options(argc, argv, 300, 4);
  heirloom = region_map(options.pages, PAGE);
  for (size_t i = 0; i < options.pages; i++)
    if (i % 8 != 7)
      region_write(&heirloom, i);
  start_processes(&fork_kind, options, CHILDREN);
}

static void check_fork(void) {
  region_look(&heirloom, 128);
  check_workers();
}

static void verify_family(void) {
  region_verify(&heirloom);
  verify_workers();
}

/* --- threads: each with a stack, thread-locals, malloc, and a buffer that the kernel fills --- */

enum { THREADS = 4, BLOCKS = 64, BIGGEST_BLOCK = 150000, LOCAL_PAGES = 4, DEPTH = 8 };

struct block {
  uint8_t *bytes;
  size_t length;
  uint64_t check; /* its sum, and the seed where it was not random */
  bool random;
};

struct desk {
  struct region buffer;
  struct block blocks[BLOCKS];
  struct block random; /* what getrandom wrote */
  int pipe[2], file;
};

static __thread uint8_t locals[LOCAL_PAGES * PAGE];
static __thread uint32_t local_seed;

static uint64_t sum_of(const uint8_t *bytes, size_t length) {
  uint64_t sum = length;
  for (size_t i = 0; i < length; i++)
    sum = (sum ^ bytes[i]) * 0x100000001b3u;
  return sum;
}

/* scratch() is not made for threads. */
static int open_scratch(unsigned number) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  char name[32];
  snprintf(name, sizeof name, "pages.%u", number);
  must0(pthread_mutex_lock(&lock));
  int file = (int)must(open(scratch(name), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  must0(pthread_mutex_unlock(&lock));
  return file;
}

static void start_desk(struct worker *worker) {
  struct desk *desk = worker->own = calloc(1, sizeof *desk);
  expect(desk);
  size_t pages = worker->pages / 2;
  desk->buffer = region_map(pages, PAGE);
  for (size_t i = 0; i < pages; i++)
    region_write(&desk->buffer, i);
  must(pipe2(desk->pipe, O_CLOEXEC));
  desk->file = open_scratch(worker->number);
  desk->random = (struct block){.bytes = calloc(1, 3 * PAGE), .length = 3 * PAGE - 100};
  expect(desk->random.bytes);
  desk->random.check = sum_of(desk->random.bytes, desk->random.length);
  pattern_fill(locals, sizeof locals, local_seed, 0);
}

static void check_block(const struct block *block) {
  if (block->bytes && sum_of(block->bytes, block->length) != block->check)
    fail("a block of %zu bytes at %p has changed", block->length, (void *)block->bytes);
}

static void churn_block(struct worker *worker, struct block *block) {
  doing("malloc");
  check_block(block);
  if (block->bytes && below(worker, 3) == 0) {
    size_t kept = block->length, length = 1 + below(worker, BIGGEST_BLOCK);
    uint64_t before = sum_of(block->bytes, kept < length ? kept : length);
    block->bytes = realloc(block->bytes, length);
    expect(block->bytes);
    expect(sum_of(block->bytes, kept < length ? kept : length) == before);
    block->length = length;
  } else {
    free(block->bytes);
    block->length = 1 + below(worker, below(worker, 8) ? 2000 : BIGGEST_BLOCK);
    block->bytes = malloc(block->length);
    expect(block->bytes);
  }
  uint64_t random = worker->random;
  for (size_t i = 0; i < block->length; i++)
    block->bytes[i] = (uint8_t)(i % 8 == 0 ? next_random(&random) : random >> i % 8 * 8);
  block->check = sum_of(block->bytes, block->length);
}

/* The pages are made on the stack and come into the buffer by the kernel's hand. */
static void read_into(struct worker *worker, struct desk *desk) {
  struct region *buffer = &desk->buffer;
  uint8_t pages[2 * PAGE];
  size_t i = below(worker, buffer->book.length - 1);
  for (size_t k = 0; k < 2; k++) {
    struct entry entry = book_get(&buffer->book, i + k);
    region_check(buffer, i + k);
    entry.generation++;
    book_set(&buffer->book, i + k, entry);
    page_write(pages + k * PAGE, buffer->space, buffer->first + i + k, entry.generation);
  }
  uint8_t *at = region_at(buffer, i);
  size_t cut = 1 + below(worker, 2 * PAGE - 1);
  struct iovec parts[2] = {{at, cut}, {at + cut, 2 * PAGE - cut}};
  switch (below(worker, 3)) {
  case 0:
    doing("read from a pipe");
    write_all(desk->pipe[1], pages, sizeof pages);
    read_all(desk->pipe[0], at, cut);
    read_all(desk->pipe[0], at + cut, sizeof pages - cut);
    break;
  case 1:
    doing("pread from a file");
    expect_eq(pwrite(desk->file, pages, sizeof pages, 0), sizeof pages);
    expect_eq(pread(desk->file, at, sizeof pages, 0), sizeof pages);
    break;
  default:
    doing("preadv from a file");
    expect_eq(pwrite(desk->file, pages, sizeof pages, 123), sizeof pages);
    expect_eq(preadv(desk->file, parts, 2, 123), sizeof pages);
    break;
  }
  region_check(buffer, i);
  region_check(buffer, i + 1);
}

static void get_random(struct desk *desk) {
  doing("getrandom");
  check_block(&desk->random);
  expect_eq(getrandom(desk->random.bytes, desk->random.length, 0), desk->random.length);
  desk->random.check = sum_of(desk->random.bytes, desk->random.length);
}

static void use_locals(void) {
  doing("thread-locals");
  pattern_check("thread-local", locals, sizeof locals, local_seed, 0);
  pattern_fill(locals, sizeof locals, ++local_seed, 0);
}

static void descend(uint64_t space, size_t depth) {
  uint8_t frame[PAGE];
  page_write(frame, space, depth, 1);
  __asm__ volatile("" : : "r"(frame) : "memory");
  if (depth > 0)
    descend(space, depth - 1);
  else
    sleep_ms(5);
  expect_page(frame, space, depth, 1);
}

static void *short_life(void *argument) {
  uint64_t space = *(uint64_t *)argument;
  pattern_fill(locals, sizeof locals, (uint32_t)space, 0);
  descend(space, DEPTH);
  pattern_check("a new thread's thread-local", locals, sizeof locals, (uint32_t)space, 0);
  return NULL;
}

/* Its stack is new, or one that another thread has left. */
static void start_short_life(struct worker *worker) {
  doing("a thread's life");
  uint64_t space = worker->random;
  pthread_t thread;
  must0(pthread_create(&thread, NULL, short_life, &space));
  must0(pthread_join(thread, NULL));
}

static void operate_desk(struct worker *worker) {
  struct desk *desk = worker->own;
  switch (below(worker, 16)) {
  case 0:
    start_short_life(worker);
    break;
  case 1:
    use_locals();
    break;
  case 2:
    get_random(desk);
    break;
  case 3:
    doing("stack");
    descend(worker->random, DEPTH);
    break;
  case 4:
  case 5:
  case 6:
  case 7:
    read_into(worker, desk);
    break;
  case 8:
  case 9:
    region_write_some(worker, &desk->buffer);
    break;
  default:
    churn_block(worker, &desk->blocks[below(worker, BLOCKS)]);
    break;
  }
}

static void look_desk(struct worker *worker) {
  struct desk *desk = worker->own;
  region_look(&desk->buffer, 64);
  check_block(&desk->blocks[below(worker, BLOCKS)]);
  check_block(&desk->random);
}

static void verify_desk(struct worker *worker) {
  struct desk *desk = worker->own;
  region_verify(&desk->buffer);
  for (size_t i = 0; i < BLOCKS; i++)
    check_block(&desk->blocks[i]);
  check_block(&desk->random);
  pattern_check("thread-local", locals, sizeof locals, local_seed, 0);
}

static const struct kind desk_kind = {start_desk, operate_desk, look_desk, verify_desk};

static void setup_threads(int argc, char **argv) {
  start_threads(&desk_kind, adversary_options(argc, argv, 400, 8), THREADS);
}

/* --- crowd: many small processes of some threads each --- */

enum { PROCESSES = 30, EACH = 3 };

static void start_plot(struct worker *worker) {
  struct region *plot = worker->own = malloc(sizeof *plot);
  expect(plot);
  *plot = region_map(worker->pages, PAGE);
  for (size_t i = 0; i < worker->pages; i++)
    if (i % 3 != 2)
      region_write(plot, i);
}

static void operate_plot(struct worker *worker) {
  if (below(worker, 8) == 0)
    region_discard(worker, worker->own);
  else
    region_write_some(worker, worker->own);
}

static void look_plot(struct worker *worker) {
  region_look(worker->own, 16);
}

static void verify_plot(struct worker *worker) {
  region_verify(worker->own);
}

static const struct kind plot_kind = {start_plot, operate_plot, look_plot, verify_plot};

struct house {
  struct options options;
  unsigned first;
};

static void *live_there(void *argument) {
  run_worker(&plot_kind, *(struct worker *)argument);
}

static void house_life(void *argument) {
  const struct house *house = argument;
  static struct worker tenants[EACH];
  for (unsigned i = 0; i < EACH; i++)
    tenants[i] = make_worker(house->options, house->first + i, PROCESSES * EACH);
  for (unsigned i = 1; i < EACH; i++) {
    pthread_t thread;
    must0(pthread_create(&thread, NULL, live_there, &tenants[i]));
  }
  run_worker(&plot_kind, tenants[0]);
}

static void setup_crowd(int argc, char **argv) {
  struct house house = {.options = adversary_options(argc, argv, 180, 12)};
  for (unsigned p = 0; p < PROCESSES; p++) {
    house.first = reserve_workers(EACH);
    watch_process(spawn(house_life, &house));
  }
}

const struct workload process_adversaries[] = {
    {"adversary-fork", "children and grandchildren that copy on write", setup_fork, check_fork,
     verify_family, .verify = verify_family},
    {"adversary-threads", "stacks, thread-locals, malloc, buffers that the kernel fills",
     setup_threads, check_workers, verify_workers, .verify = verify_workers},
    {"adversary-crowd", "thirty processes of three threads each", setup_crowd, check_workers,
     verify_workers, .verify = verify_workers},
    {0},
};
