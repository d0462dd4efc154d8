#include "pages.h"

#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page {
  uint64_t space, number, generation, checksum;
  uint64_t body[PAGE / sizeof(uint64_t) - 4];
};
_Static_assert(sizeof(struct page) == PAGE, "a page");
enum { BODY = sizeof((struct page *)0)->body / sizeof(uint64_t) };

static uint64_t mix(uint64_t x) { /* splitmix64 */
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

uint64_t seed_from(uint64_t a, uint64_t b, uint64_t c) {
  return mix(mix(mix(a) ^ b) ^ c) | 1;
}

void page_write(void *at, uint64_t space, uint64_t number, uint32_t generation) {
  struct page *page = at;
  if (generation == 0) {
    memset(page, 0, sizeof *page);
    return;
  }
  page->space = space;
  page->number = number;
  page->generation = generation;
  uint64_t state = seed_from(space, number, generation), sum = 0;
  for (size_t i = 0; i < BODY; i++)
    sum += page->body[i] = next_random(&state);
  page->checksum = sum;
}

static bool all_zero(const uint64_t *words) {
  for (size_t i = 0; i < PAGE / sizeof *words; i++)
    if (words[i])
      return false;
  return true;
}

/* Where it stops being the page that it says it is; BODY if it is that page. */
static size_t first_wrong(const struct page *page) {
  uint64_t state = seed_from(page->space, page->number, page->generation), sum = 0;
  for (size_t i = 0; i < BODY; i++) {
    uint64_t wanted = next_random(&state);
    if (page->body[i] != wanted)
      return i;
    sum += wanted;
  }
  return sum == page->checksum ? BODY : 0;
}

const char *page_judge(const void *at, uint64_t space, uint64_t number, uint32_t generation) {
  static __thread char words[200];
  struct page found; /* one look: whoever changes it meanwhile does not change the verdict */
  memcpy(&found, at, sizeof found);
  if (generation == 0 && all_zero((const uint64_t *)&found))
    return NULL;
  size_t wrong = first_wrong(&found);
  if (generation != 0 && wrong == BODY && found.space == space && found.number == number &&
      found.generation == generation)
    return NULL;
  if (all_zero((const uint64_t *)&found))
    return "zeros";
  snprintf(words, sizeof words, "%s page %" PRIu64 " of %#" PRIx64 ", generation %" PRIu64,
           wrong == BODY ? "a whole" : "a torn", found.number, found.space, found.generation);
  if (wrong != BODY)
    snprintf(words + strlen(words), sizeof words - strlen(words), ", wrong from byte %zu",
             offsetof(struct page, body) + wrong * sizeof(uint64_t));
  return words;
}

static uint64_t weight(size_t i, struct entry entry) {
  uint64_t value;
  memcpy(&value, &entry, sizeof value);
  return mix(value + i * 0x100000001b3u);
}

static void add_up(struct book *book) {
  book->sum = 0;
  for (size_t i = 0; i < book->length; i++)
    book->sum ^= weight(i, book->copies[0][i]);
}

void book_open(struct book *book, size_t length, struct entry all) {
  *book = (struct book){0};
  book_cut(book, 0, length, all);
}

void book_close(struct book *book) {
  free(book->copies[0]);
  free(book->copies[1]);
  *book = (struct book){0};
}

struct entry book_get(const struct book *book, size_t i) {
  if (memcmp(&book->copies[0][i], &book->copies[1][i], sizeof(struct entry)) != 0)
    fail("the book disagrees with itself about page %zu: generations %u and %u", i,
         book->copies[0][i].generation, book->copies[1][i].generation);
  return book->copies[0][i];
}

void book_set(struct book *book, size_t i, struct entry entry) {
  book->sum ^= weight(i, book_get(book, i)) ^ weight(i, entry);
  book->copies[0][i] = book->copies[1][i] = entry;
}

void book_cut(struct book *book, size_t from, size_t length, struct entry fresh) {
  for (int c = 0; c < 2; c++) {
    struct entry *now = calloc(length ? length : 1, sizeof *now);
    if (!now)
      fail("no memory for a book of %zu pages", length);
    for (size_t i = 0; i < length; i++)
      now[i] = from + i < book->length ? book->copies[c][from + i] : fresh;
    free(book->copies[c]);
    book->copies[c] = now;
  }
  book->length = length;
  add_up(book);
}

void book_check(const struct book *book) {
  uint64_t sum = 0;
  for (size_t i = 0; i < book->length; i++)
    sum ^= weight(i, book_get(book, i));
  if (sum != book->sum)
    fail("the book of %zu pages has another checksum", book->length);
}
