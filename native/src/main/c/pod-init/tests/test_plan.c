#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mman.h>

#include "plan.h"
#include "tap.h"

#define RUN_BASE "name n\nroot /r\nexit-file /e\ncaps 0\narg true\n"
#define EXEC_BASE "pid 42\nuserns yes\nid x\ncaps 0\narg true\n"

/* The plan in text; *why.message is empty where it was accepted. plan_free is due. */
static struct plan read_bytes(const char *text, size_t length, enum plan_verb verb, struct failure *why) {
  struct plan plan;
  int fd = memfd_create("plan", MFD_CLOEXEC);
  struct lines lines = {.fd = fd, .cap = PLAN_MAX_LINE};
  *why = (struct failure){0};
  if (write_all(fd, text, length) < 0 || lseek(fd, 0, SEEK_SET) < 0) die_errno("memfd");
  plan_read(&lines, verb, &plan, why);
  lines_free(&lines);
  close(fd);
  return plan;
}

static struct plan read_text(const char *text, enum plan_verb verb, struct failure *why) {
  return read_bytes(text, strlen(text), verb, why);
}

static void accepts(const char *text, enum plan_verb verb) {
  struct failure why;
  struct plan plan = read_text(text, verb, &why);
  is(why.message, "", text);
  plan_free(&plan);
}

/* The reason must say this. */
static void refuses(const char *text, enum plan_verb verb, const char *reason) {
  struct failure why;
  struct plan plan = read_text(text, verb, &why);
  ok(strstr(why.message, reason) != NULL && strcmp(why.stage, "plan") == 0, text);
  if (strstr(why.message, reason) == NULL) printf("#      got: %s\n#   wanted: %s\n", why.message, reason);
  plan_free(&plan);
}

static void decodes(const char *encoded, const char *wanted) {
  cleanup_free char *text = xstrdup(encoded);
  if (wanted == NULL)
    ok(!plan_decode(text), encoded);
  else
    ok(plan_decode(text) && strcmp(text, wanted) == 0, encoded);
}

static void test_decode(void) {
  decodes("plain", "plain");
  decodes("%", "");
  decodes("a%20b%25c%0A", "a b%c\n");
  decodes("%c3%A9", "\xc3\xa9");
  decodes("\xc3\xa9", "\xc3\xa9");
  decodes("", NULL);
  decodes("a%", NULL);
  decodes("%4", NULL);
  decodes("%%", NULL);
  decodes("%zz", NULL);
  decodes("%00", NULL);
  decodes("a\tb", NULL);
  decodes("a\x7f", NULL);
}

static void test_run_plan(void) {
  struct failure why;
  struct plan plan =
      read_text(RUN_BASE
                "hostname h\nuid-map 0 1000 10\ngid-map 0 2000 20\nuid-map 10 5000 1\ngid-map 20 5000 1\n"
                "cgroup /c1\ncgroup /c2\nmount /a b % rbind,ro,nosuid %\n"
                "mount proc /proc proc nodev,noexec a=1,b\nenv A=b%20c\nenv E=\narg %\narg x%20y\nuid 33\n"
                "gid 44\ngroup 1\ngroup 2\nno-new-privs\ntty 24 80\nstdin fifo\ncwd /w\nend\n",
                PLAN_RUN, &why);
  is(why.message, "", "a full plan is accepted");
  is(plan.root, "/r", "root");
  ok(plan.uids.count == 2 && plan.uids.ranges[1].outside == 5000 && plan.gids.ranges[0].count == 20, "maps, in order");
  ok(plan.cgroups.count == 2 && strcmp(plan.cgroups.items[1], "/c2") == 0, "cgroups");
  ok(plan.mount_count == 2, "mounts");
  const struct mount_op *bind = &plan.mounts[0], *proc = &plan.mounts[1];
  ok(bind->fstype == NULL && bind->recursive && bind->attributes == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID), "a bind");
  ok(strcmp(proc->fstype, "proc") == 0 && proc->attributes == (MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC), "a file system");
  is(proc->data, "a=1,b", "its data");
  const struct launch *launch = &plan.launch;
  ok(launch->args.count == 3 && launch->args.items[1][0] == '\0', "arguments, also an empty one");
  is(launch->args.items[2], "x y", "decoded");
  is(launch->env.items[0], "A=b c", "environment");
  ok(launch->uid == 33 && launch->gid == 44 && launch->group_count == 2 && launch->groups[1] == 2, "ids");
  ok(launch->no_new_privs && launch->tty && launch->window.ws_col == 80 && launch->stdin_fifo, "switches");
  plan_free(&plan);
}

static void test_verbs(void) {
  struct failure why;
  struct plan plan = read_text(EXEC_BASE "caps ffffffffffffffff\nend\n", PLAN_EXEC, &why);
  is(why.message, "caps: given twice", "caps twice");
  plan_free(&plan);
  plan = read_text("pid 42\nuserns no\nid a.b-c_1\ncaps FFFFFFFFFFFFFFFF\narg a\nend\n", PLAN_EXEC, &why);
  ok(why.message[0] == '\0' && plan.pid == 42 && !plan.own_userns && plan.launch.caps == UINT64_MAX, "an exec plan");
  plan_free(&plan);
  accepts(RUN_BASE "end\n", PLAN_RUN);
  accepts(RUN_BASE "end\ngo\n", PLAN_RUN);
  refuses(RUN_BASE "pid 1\nend\n", PLAN_RUN, "unknown record");
  refuses(EXEC_BASE "root /\nend\n", PLAN_EXEC, "unknown record");
  refuses("end\n", PLAN_RUN, "'name' is missing");
  refuses("end\n", PLAN_EXEC, "'pid' is missing");
  refuses(RUN_BASE, PLAN_RUN, "before 'end'");
  refuses(RUN_BASE "end", PLAN_RUN, "before 'end'");
  refuses("", PLAN_RUN, "before 'end'");
}

static void test_hostile(void) {
  static const struct {
    const char *record, *reason;
  } bad[] = {
      {"", "unknown record"},
      {" ", "unknown record"},
      {"Name x", "unknown record"},
      {"end ", "unknown record"},
      {"%6eame x", "unknown record"},
      {"root /x", "given twice"},
      {"hostname", "1 well-encoded"},
      {"hostname ", "1 well-encoded"},
      {"hostname a b", "1 well-encoded"},
      {"hostname a ", "1 well-encoded"},
      {"hostname a\r", "1 well-encoded"},
      {"hostname a%2", "1 well-encoded"},
      {"hostname ..", "first no dot"},
      {"hostname a%2Fb", "only letters"},
      {"mount a b c d e f", "5 well-encoded"},
      {"mount /a /b % bind,x %", "unknown mount flag"},
      {"mount /a /b % % %", "either"},
      {"mount /a /b tmpfs bind %", "either"},
      {"mount a /b % bind %", "absolute"},
      {"mount /a /../b % bind %", "'..'"},
      {"mount /a .. % bind %", "'..'"},
      {"mount /a % % bind %", "'..'"},
      {"mount /a b/.. % bind %", "'..'"},
      {"mount /a /b % bind size=1", "no data"},
      {"uid-map 0 0 0", "empty or too long"},
      {"uid-map 1 0 4294967295", "not an id range"},
      {"uid-map 4294967290 0 10", "empty or too long"},
      {"uid-map 0 -1 10", "not an id range"},
      {"uid-map 0 0 1", "go together"},
      {"uid 4294967295", "not an id"},
      {"uid 99999999999999999999999999", "not an id"},
      {"uid +1", "not an id"},
      {"uid 0x1", "not an id"},
      {"uid %", "not an id"},
      {"gid 1%200", "not an id"},
      {"env =x", "NAME=VALUE"},
      {"env x", "NAME=VALUE"},
      {"cwd x", "absolute"},
      {"cgroup x", "absolute"},
      {"tty 1 65536", "window size"},
      {"stdin tty", "null or fifo"},
      {"no-new-privs 1", "0 well-encoded"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    cleanup_free char *text = xasprintf(RUN_BASE "%s\nend\n", bad[i].record);
    refuses(text, PLAN_RUN, bad[i].reason);
  }
  refuses("pid 0\nend\n", PLAN_EXEC, "not a pid");
  refuses("pid 2147483648\nend\n", PLAN_EXEC, "not a pid");
  refuses("userns maybe\nend\n", PLAN_EXEC, "yes or no");
  refuses("id ../x\nend\n", PLAN_EXEC, "first no dot");
  refuses("caps 10000000000000000\nend\n", PLAN_EXEC, "mask");
  refuses("arg %\nend\n", PLAN_EXEC, "empty");
  accepts(RUN_BASE "mount /a /b..c/..d % bind %\nend\n", PLAN_RUN);
}

static void test_caps(void) {
  struct failure why;
  cleanup_free char *many = xrealloc(NULL, PLAN_MAX_RECORDS + 2, 8);
  char *at = many;
  for (int i = 0; i <= PLAN_MAX_RECORDS; i++)
    at += sprintf(at, "group 1\n");
  struct plan plan = read_text(many, PLAN_RUN, &why);
  ok(why.error == E2BIG, "too many records");
  plan_free(&plan);
  cleanup_free char *line = xrealloc(NULL, PLAN_MAX_LINE + 8, 1);
  memset(line, 'a', PLAN_MAX_LINE + 7);
  memcpy(line, "arg ", 4);
  line[PLAN_MAX_LINE] = '\n';
  plan = read_bytes(line, PLAN_MAX_LINE + 1, PLAN_RUN, &why);
  is(why.message, "input ended before 'end'", "a line as long as may be");
  plan_free(&plan);
  line[PLAN_MAX_LINE] = 'a';
  line[PLAN_MAX_LINE + 1] = '\n';
  plan = read_bytes(line, PLAN_MAX_LINE + 2, PLAN_RUN, &why);
  ok(why.error == EMSGSIZE, "a line that is longer");
  plan_free(&plan);
  plan = read_bytes("arg a\0b\nend\n", 12, PLAN_RUN, &why);
  ok(why.error == EILSEQ, "a NUL byte");
  plan_free(&plan);
}

/* Cheap noise from a fixed seed: nothing but the sanitizers judges. */
static void test_noise(void) {
  static const char *const pieces[] = {"mount ",       "/a", " ", "%",    "\n",   "bind", ",",       "uid ", "%41",
                                       "%zz",          "..", "/", "arg ", "env ", "=",    "group 7", "end",  "\xff",
                                       "uid-map 0 0 ", "9"};
  unsigned seed = 1;
  for (int round = 0; round < 2000; round++) {
    char text[512] = "";
    for (int i = 0; i < 30; i++) {
      seed = seed * 1103515245 + 12345;
      strcat(text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
    }
    struct failure why;
    struct plan plan = read_text(text, round % 2 == 0 ? PLAN_RUN : PLAN_EXEC, &why);
    plan_free(&plan);
  }
  ok(1, "noise");
}

int main(void) {
  test_decode();
  test_run_plan();
  test_verbs();
  test_hostile();
  test_caps();
  test_noise();
  return done_testing();
}
