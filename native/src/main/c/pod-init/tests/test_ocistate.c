#include "ocistate.h"
#include "tap.h"
#include "util.h"

static struct ocistate state;

/* Parsed from memory of exactly that size: the address sanitizer sees a look behind it. */
static bool parse_bytes(const char *text, size_t size) {
  char *exact = malloc(size);
  if (size > 0) memcpy(exact, text, size);
  bool good = ocistate_parse(exact, size, &state);
  /* Slices point into the text: keep one for the checks, give the last one back. */
  static char *kept;
  free(kept);
  kept = exact;
  return good;
}

static bool parse(const char *text) {
  return parse_bytes(text, strlen(text));
}

static bool is_slice(struct slice slice, const char *wanted) {
  return slice.size == strlen(wanted) && memcmp(slice.at, wanted, slice.size) == 0;
}

static bool parse_id(const char *id) {
  cleanup_free char *text = xasprintf("{\"id\":\"%s\",\"pid\":7}", id);
  return parse(text);
}

static bool parse_pid(const char *pid) {
  cleanup_free char *text = xasprintf("{\"id\":\"x\",\"pid\":%s}", pid);
  return parse(text);
}

static void check_good(void) {
  const char *podman =
      "{\"ociVersion\":\"1.0.2-dev\",\"id\":\"71782b\",\"status\":\"creating\",\"pid\":669197,\"bundle\":\"/s/b\","
      "\"annotations\":{\"id\":\"not this\",\"a\":\"b\"}}";
  ok(parse(podman), "what podman says");
  ok(is_slice(state.id, "71782b") && state.pid == 669197 && is_slice(state.bundle, "\"/s/b\""), "is understood");
  ok(parse(" {\n\"pid\" : 7 , \"x\" : [ { \"id\" : \"}]\" } , [ ] ] , \"id\" : \"a\" }\n"), "in any order and spacing");
  ok(is_slice(state.id, "a") && state.pid == 7 && state.bundle.size == 0, "nested members are others'");
  ok(parse("{\"id\":\"a\",\"bundle\":\"/a\\\"b\\\\\",\"pid\":7}") && is_slice(state.bundle, "\"/a\\\"b\\\\\""),
     "escapes stay as they are");
  ok(parse("{\"id\":\"a\",\"pid\":7,\"bundle\":\"/b\",\"annotations\":{\"k\":\"cut o"), "cut off behind all it needs");
  ok(is_slice(state.bundle, "\"/b\""), "it is all there");
}

static void check_ids(void) {
  ok(parse_id("web_1.two+3-4"), "a proper id");
  ok(!parse_id("") && !parse_id(".") && !parse_id("..") && !parse_id(".hidden"), "no id that is hidden or leads up");
  ok(!parse_id("../x") && !parse_id("a/b") && !parse_id("/etc/passwd"), "none that leads elsewhere");
  ok(!parse_id("a b") && !parse_id("a\\u002fb") && !parse_id("a\\\"") && !parse_id("\xc3\xa4"), "none to be quoted");
  char longest[200];
  memset(longest, 'a', sizeof longest);
  longest[128] = '\0';
  ok(parse_id(longest), "of 128 characters");
  longest[128] = 'a', longest[129] = '\0';
  ok(!parse_id(longest), "not of 129");
  ok(!parse("{\"pid\":7}") && !parse("{\"id\":5,\"pid\":7}") && !parse("{\"id\":null,\"pid\":7}"), "none at all");
  ok(!parse("{\"id\":\"a\",\"pid\":7,\"id\":\"..\"}"), "of two the last counts");
}

static void check_pids(void) {
  ok(parse_pid("4194304"), "the highest pid");
  ok(!parse_pid("0") && !parse_pid("-1") && !parse_pid("4194305") && !parse_pid("99999999999999999999"), "no others");
  ok(!parse_pid("1e3") && !parse_pid("\"7\"") && !parse_pid("null") && !parse_pid("[7]") && !parse_pid(""),
     "no number");
  ok(!parse("{\"id\":\"a\"}"), "a stopped container has none");
  ok(!parse("{\"id\":\"a\",\"pid\":66"), "half a pid is none");
}

static void check_garbage(void) {
  ok(!parse("") && !parse("{") && !parse("{}") && !parse("[]") && !parse("null") && !parse("\"id\""), "no object");
  ok(!parse("{\"id\"}") && !parse("{\"id\":}") && !parse("{id:\"a\",pid:7}") && !parse("{,}"), "no members");
  ok(!parse_bytes("{\"id\":\"a\0b\",\"pid\":7}", 20) && !parse("{\"id\":\"a\nb\",\"pid\":7}"), "control characters");
  ok(!parse_bytes("\0\0\0\0", 4), "zeros");
  enum { DEEP = 100000 };
  char *deep = xrealloc(NULL, DEEP, 1);
  memset(deep, '[', DEEP);
  memcpy(deep, "{\"a\":", 5);
  ok(!parse_bytes(deep, DEEP), "what is nested deeply needs no stack");
  free(deep);
}

/* Every beginning of a text, and every text with one byte changed, is read without a look outside. */
static void check_mutations(void) {
  const char text[] = "{\"id\":\"a\",\"x\":[{\"y\":\"\\\"\"}],\"pid\":7,\"bundle\":\"/b\",\"n\":{}}";
  size_t good = 0, bad_names = 0;
  for (size_t size = 0; size < sizeof text; size++)
    good += parse_bytes(text, size);
  for (size_t at = 0; at < sizeof text - 1; at++)
    for (int byte = 0; byte < 256; byte++) {
      char other[sizeof text];
      memcpy(other, text, sizeof text);
      other[at] = (char)byte;
      if (!parse_bytes(other, sizeof text - 1)) continue;
      good++;
      bad_names += state.id.at[0] == '.' || memchr(state.id.at, '/', state.id.size) != NULL;
    }
  ok(good > 0 && bad_names == 0, "whatever is changed, an id is a plain name");
}

int main(void) {
  check_good();
  check_ids();
  check_pids();
  check_garbage();
  check_mutations();
  return done_testing();
}
