#include "ocistate.h"

#include <string.h>

#include "util.h"

enum { MAX_ID = 128, MAX_PID = 1 << 22 };

struct cursor {
  const char *at, *end;
};

static bool peek(struct cursor *in, char wanted) {
  return in->at < in->end && *in->at == wanted;
}

static void skip_blanks(struct cursor *in) {
  while (in->at < in->end && strchr(" \t\r\n", *in->at) != NULL && *in->at != '\0')
    in->at++;
}

static bool skip_char(struct cursor *in, char wanted) {
  skip_blanks(in);
  if (!peek(in, wanted)) return false;
  in->at++;
  return true;
}

static bool take_string(struct cursor *in, struct slice *quoted) {
  if (!peek(in, '"')) return false;
  quoted->at = in->at;
  bool escaped = false;
  for (in->at++; in->at < in->end && (escaped || *in->at != '"'); in->at++) {
    if ((unsigned char)*in->at < ' ') return false;
    escaped = !escaped && *in->at == '\\';
  }
  if (in->at == in->end) return false;
  quoted->size = (size_t)(++in->at - quoted->at);
  return true;
}

/* Objects and lists by counting: what is in them is of no interest, and their depth must not be ours. */
static bool skip_nested(struct cursor *in) {
  size_t depth = 0;
  while (in->at < in->end) {
    struct slice ignored;
    if (peek(in, '"')) {
      if (!take_string(in, &ignored)) return false;
      continue;
    }
    if (peek(in, '{') || peek(in, '[')) depth++;
    if ((peek(in, '}') || peek(in, ']')) && --depth == 0) {
      in->at++;
      return true;
    }
    in->at++;
  }
  return false;
}

static bool take_value(struct cursor *in, struct slice *value) {
  skip_blanks(in);
  if (peek(in, '"')) return take_string(in, value);
  value->at = in->at;
  if (peek(in, '{') || peek(in, '[')) {
    if (!skip_nested(in)) return false;
  } else {
    while (in->at < in->end && strchr(",}] \t\r\n", *in->at) == NULL)
      in->at++;
    if (in->at == in->end) return false; /* may be half a number */
  }
  value->size = (size_t)(in->at - value->at);
  return true;
}

static bool is_named(struct slice quoted, const char *name) {
  return quoted.size == strlen(name) + 2 && memcmp(quoted.at + 1, name, quoted.size - 2) == 0;
}

/* It becomes a file's name: nothing that leads elsewhere, hides, or needs to be quoted. */
static bool take_id(struct slice value, struct slice *id) {
  static const char LEGAL[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";
  if (value.size < 3 || value.size > MAX_ID + 2 || *value.at != '"' || value.at[1] == '.') return false;
  *id = (struct slice){.at = value.at + 1, .size = value.size - 2};
  for (size_t i = 0; i < id->size; i++)
    if (memchr(LEGAL, id->at[i], sizeof LEGAL - 1) == NULL) return false;
  return true;
}

static bool take_pid(struct slice value, uint64_t *pid) {
  char digits[16] = "";
  if (value.size == 0 || value.size >= sizeof digits) return false;
  memcpy(digits, value.at, value.size);
  return parse_number(digits, 10, MAX_PID, pid) && *pid > 0;
}

bool ocistate_parse(const char *text, size_t size, struct ocistate *state) {
  struct cursor in = {.at = text, .end = text + size};
  bool named = false, alive = false;
  *state = (struct ocistate){0};
  if (!skip_char(&in, '{')) return false;
  do {
    struct slice name, value;
    skip_blanks(&in);
    if (!take_string(&in, &name) || !skip_char(&in, ':') || !take_value(&in, &value)) break;
    if (is_named(name, "id")) named = take_id(value, &state->id);
    if (is_named(name, "pid")) alive = take_pid(value, &state->pid);
    if (is_named(name, "bundle") && *value.at == '"') state->bundle = value;
  } while (skip_char(&in, ','));
  return named && alive;
}
