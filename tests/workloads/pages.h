/* Pages that say what they are, and a book of what they should say.
 *
 * A page holds the space it belongs to, its number there, its generation, a checksum, and a body
 * that follows from the first three. So whoever reads it can tell a page that was lost (zeros),
 * one that came too late (an older generation), one that went elsewhere (another number) and one
 * that is torn. The book keeps what was written where, twice, with a checksum of its own, so that
 * damage to the book is not taken for damage to a page. */
#ifndef PAGES_H
#define PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE = 4096 };

/* Fills a page. Generation 0 is a page nobody has written: it is made of zeros. */
void page_write(void *at, uint64_t space, uint64_t number, uint32_t generation);

/* NULL if the page is the one that is named, else words for what is there. They last until the
 * next call of this thread. */
const char *page_judge(const void *at, uint64_t space, uint64_t number, uint32_t generation);

struct entry {
  uint32_t generation;
  uint16_t protection;  /* PROT_* */
  uint16_t may_be_zero; /* the kernel was allowed to drop it */
};

struct book {
  struct entry *copies[2];
  size_t length;
  uint64_t sum;
};

void book_open(struct book *book, size_t length, struct entry all);
void book_close(struct book *book);
struct entry book_get(const struct book *book, size_t i);
void book_set(struct book *book, size_t i, struct entry entry);
/* Entries `from` to `from + length` become the whole book; where it had none, `fresh` is put. */
void book_cut(struct book *book, size_t from, size_t length, struct entry fresh);
/* Fails unless both copies and the checksum agree. */
void book_check(const struct book *book);

/* xorshift64; `state` is never 0 */
uint64_t next_random(uint64_t *state);
/* Mixes numbers into a state for next_random. */
uint64_t seed_from(uint64_t a, uint64_t b, uint64_t c);

#endif
