#include "fill_index.h"

#include <sys/mman.h>
#include <sys/stat.h>

static const char STAGE[] = "index";

/* No address of a process lies above; it also keeps every sum below from wrapping. */
#define ADDRESS_END (UINT64_C(1) << 57)

/* Whether `count` things of `size` bytes at `offset` lie within the file and are aligned to 8. */
static bool holds(const struct fill_index *index, uint64_t offset, uint64_t count, size_t size) {
  uint64_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return false;
  return offset % 8 == 0 && offset <= index->length && bytes <= index->length - offset;
}

static int check_runs(const struct fill_index *index, const struct fill_task *task, struct failure *why) {
  const struct fill_run *runs = (const struct fill_run *)(index->base + task->runs_offset);
  uint64_t end = 0, ordinal = 0;
  for (uint32_t i = 0; i < task->runs; i++) {
    const struct fill_run *run = runs + i;
    if (run->address % FILL_PAGE != 0 || run->address < end || run->address == 0 || run->address >= ADDRESS_END ||
        run->pages == 0 || run->pages > (ADDRESS_END - run->address) / FILL_PAGE || run->first_ordinal != ordinal)
      return fail(why, STAGE, 0, "task %u: run %u", task->vpid, i);
    end = run->address + run->pages * FILL_PAGE;
    ordinal += run->pages;
  }
  return ordinal == task->pages ? 0 : fail(why, STAGE, 0, "task %u: the number of pages", task->vpid);
}

static int check_task(const struct fill_index *index, uint32_t position, uint64_t store_pages, struct failure *why) {
  const struct fill_task *task = index->tasks + position;
  if (task->vpid == 0 || task->vpid > INT32_MAX || fill_index_task(index, task->vpid) != (int)position)
    return fail(why, STAGE, 0, "vpid %u", task->vpid);
  if (!holds(index, task->runs_offset, task->runs, sizeof(struct fill_run)) ||
      !holds(index, task->slots_offset, task->pages, sizeof(uint32_t)))
    return fail(why, STAGE, 0, "task %u: offsets", task->vpid);
  if (check_runs(index, task, why) < 0) return -1;
  for (uint64_t ordinal = 0; ordinal < task->pages; ordinal++) {
    uint32_t slot = fill_index_slot(index, position, ordinal);
    if (fill_slot_stored(slot) && (slot & ~FILL_SHARED) >= store_pages)
      return fail(why, STAGE, 0, "task %u: page %llu is beyond the store", task->vpid, (unsigned long long)ordinal);
  }
  return 0;
}

static int check_hot(const struct fill_index *index, struct failure *why) {
  for (uint64_t i = 0; i < index->header->hot_count; i++) {
    const struct fill_hot *hot = index->hot + i;
    int task = fill_index_task(index, hot->vpid);
    if (task < 0 || hot->ordinal > index->tasks[task].pages || hot->pages > index->tasks[task].pages - hot->ordinal)
      return fail(why, STAGE, 0, "hot %llu", (unsigned long long)i);
  }
  return 0;
}

static int check(struct fill_index *index, uint64_t store_pages, struct failure *why) {
  const struct fill_header *header = index->header;
  if (header->magic != FILL_MAGIC || header->version != FILL_VERSION)
    return fail(why, STAGE, 0, "not an index of version %d", FILL_VERSION);
  if (header->length != index->length) return fail(why, STAGE, 0, "the length of the file");
  if (header->tasks > FILL_MAX_TASKS || !holds(index, sizeof *header, header->tasks, sizeof(struct fill_task)) ||
      !holds(index, header->hot_offset, header->hot_count, sizeof(struct fill_hot)))
    return fail(why, STAGE, 0, "the header");
  index->tasks = (const struct fill_task *)(header + 1);
  index->hot = (const struct fill_hot *)(index->base + header->hot_offset);
  for (uint32_t i = 0; i < header->tasks; i++) {
    if (check_task(index, i, store_pages, why) < 0) return -1;
    index->pages += index->tasks[i].pages;
    if (index->tasks[i].pages > index->max_pages) index->max_pages = index->tasks[i].pages;
  }
  return check_hot(index, why);
}

int fill_index_open(struct fill_index *index, int fd, uint64_t store_pages, struct failure *why) {
  struct stat status;
  if (fstat(fd, &status) < 0) return fail(why, STAGE, errno, "index");
  *index = (struct fill_index){.length = (size_t)status.st_size};
  if (index->length < sizeof(struct fill_header)) return fail(why, STAGE, 0, "too short");
  void *base = mmap(NULL, index->length, PROT_READ, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED) return fail(why, STAGE, errno, "mmap");
  index->base = base;
  index->header = base;
  if (check(index, store_pages, why) == 0) return 0;
  fill_index_close(index);
  return -1;
}

void fill_index_close(struct fill_index *index) {
  if (index->base != NULL) munmap((void *)index->base, index->length);
  *index = (struct fill_index){0};
}

int fill_index_task(const struct fill_index *index, uint32_t vpid) {
  for (uint32_t i = 0; i < index->header->tasks; i++)
    if (index->tasks[i].vpid == vpid) return (int)i;
  return -1;
}

/* How many runs end at or below this address. */
static uint32_t runs_below(const struct fill_run *runs, uint32_t count, uint64_t address) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (runs[middle].address + runs[middle].pages * FILL_PAGE <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const struct fill_run *runs_of(const struct fill_index *index, uint32_t task) {
  return (const struct fill_run *)(index->base + index->tasks[task].runs_offset);
}

const struct fill_run *fill_index_at(const struct fill_index *index, uint32_t task, uint64_t address) {
  const struct fill_run *runs = runs_of(index, task);
  uint32_t below = runs_below(runs, index->tasks[task].runs, address);
  return below < index->tasks[task].runs && runs[below].address <= address ? runs + below : NULL;
}

const struct fill_run *fill_index_after(const struct fill_index *index, uint32_t task, uint64_t address) {
  const struct fill_run *runs = runs_of(index, task);
  uint32_t below = runs_below(runs, index->tasks[task].runs, address);
  if (below < index->tasks[task].runs && runs[below].address <= address) below++;
  return below < index->tasks[task].runs ? runs + below : NULL;
}

const struct fill_run *fill_index_of(const struct fill_index *index, uint32_t task, uint64_t ordinal) {
  const struct fill_run *runs = runs_of(index, task);
  uint32_t low = 0, high = index->tasks[task].runs;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (runs[middle].first_ordinal + runs[middle].pages <= ordinal)
      low = middle + 1;
    else
      high = middle;
  }
  return runs + low;
}
