#include "plan.h"

#include <limits.h>
#include <linux/mount.h>
#include <string.h>

enum { MAX_ARGUMENTS = 5, ANY = PLAN_RUN | PLAN_EXEC };

/* A record's arguments, decoded. Returns NULL, or what is wrong with them. */
typedef const char *apply_record(struct plan *plan, char **args);

static int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

bool plan_decode(char *argument) {
  if (*argument == '\0') return false;
  if (strcmp(argument, "%") == 0) {
    *argument = '\0';
    return true;
  }
  char *to = argument;
  for (const char *from = argument; *from != '\0'; from++) {
    unsigned char byte = (unsigned char)*from;
    if (byte <= 0x20 || byte == 0x7f) return false;
    if (byte == '%') {
      int high = hex_digit(from[1]);
      int low = high < 0 ? -1 : hex_digit(from[2]);
      if (low < 0 || (high == 0 && low == 0)) return false;
      byte = (unsigned char)(high << 4 | low);
      from += 2;
    }
    *to++ = (char)byte;
  }
  *to = '\0';
  return true;
}

static const char *take_text(char **slot, const char *text) {
  *slot = xstrdup(text);
  return NULL;
}

static const char *take_absolute(char **slot, const char *path) {
  return path[0] == '/' ? take_text(slot, path) : "the path must be absolute";
}

/* Names that become one path component. */
static const char *take_component(char **slot, const char *name) {
  size_t length = strlen(name);
  if (length == 0 || length > 64 || name[0] == '.') return "1 to 64 characters, the first no dot";
  if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != length)
    return "only letters, digits, '.', '_' and '-'";
  return take_text(slot, name);
}

static const char *take_id(const char *text, uint32_t *id) {
  uint64_t value;
  if (!parse_number(text, 10, UINT32_MAX - 1, &value)) return "not an id";
  *id = (uint32_t)value;
  return NULL;
}

static const char *take_range(struct id_map *map, char **args) {
  struct id_range range;
  if (take_id(args[0], &range.inside) || take_id(args[1], &range.outside) || take_id(args[2], &range.count))
    return "not an id range";
  if (range.count == 0 || range.inside > UINT32_MAX - range.count || range.outside > UINT32_MAX - range.count)
    return "the range is empty or too long";
  map->ranges = xrealloc(map->ranges, map->count + 1, sizeof *map->ranges);
  map->ranges[map->count++] = range;
  return NULL;
}

static const char *take_flag(struct mount_op *op, bool *bind, const char *flag) {
  static const struct {
    const char *name;
    uint64_t attribute;
  } attributes[] = {{"ro", MOUNT_ATTR_RDONLY},
                    {"nosuid", MOUNT_ATTR_NOSUID},
                    {"nodev", MOUNT_ATTR_NODEV},
                    {"noexec", MOUNT_ATTR_NOEXEC}};
  if (strcmp(flag, "optional") == 0) {
    op->optional = true;
    return NULL;
  }
  if (strcmp(flag, "bind") == 0 || strcmp(flag, "rbind") == 0) {
    *bind = true;
    op->recursive |= flag[0] == 'r';
    return NULL;
  }
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
    if (strcmp(flag, attributes[i].name) == 0) {
      op->attributes |= attributes[i].attribute;
      return NULL;
    }
  return "unknown mount flag";
}

static bool has_dot_dot(const char *path) {
  for (const char *at = path; (at = strstr(at, "..")) != NULL; at += 2)
    if ((at == path || at[-1] == '/') && (at[2] == '/' || at[2] == '\0')) return true;
  return false;
}

static const char *apply_mount(struct plan *plan, char **args) {
  struct mount_op op = {0};
  bool bind = false;
  char *rest;
  for (char *flag = strtok_r(args[3], ",", &rest); flag != NULL; flag = strtok_r(NULL, ",", &rest)) {
    const char *wrong = take_flag(&op, &bind, flag);
    if (wrong != NULL) return wrong;
  }
  if (bind == (args[2][0] != '\0')) return "either a file system type or bind, not both";
  if (bind && args[0][0] != '/') return "the source of a bind must be absolute";
  if (bind && args[4][0] != '\0') return "a bind has no data";
  if (args[1][0] == '\0' || has_dot_dot(args[1])) return "the target must be a path without '..'";
  op.source = xstrdup(args[0]);
  op.target = xstrdup(args[1]);
  op.fstype = bind ? NULL : xstrdup(args[2]);
  op.data = xstrdup(args[4]);
  plan->mounts = xrealloc(plan->mounts, plan->mount_count + 1, sizeof op);
  plan->mounts[plan->mount_count++] = op;
  return NULL;
}

static const char *apply_name(struct plan *plan, char **args) {
  return take_component(&plan->name, args[0]);
}

static const char *apply_root(struct plan *plan, char **args) {
  return take_absolute(&plan->root, args[0]);
}

static const char *apply_hostname(struct plan *plan, char **args) {
  return take_component(&plan->hostname, args[0]);
}

static const char *apply_exit_file(struct plan *plan, char **args) {
  return take_absolute(&plan->exit_file, args[0]);
}

static const char *apply_uid_map(struct plan *plan, char **args) {
  return take_range(&plan->uids, args);
}

static const char *apply_gid_map(struct plan *plan, char **args) {
  return take_range(&plan->gids, args);
}

static const char *apply_pid(struct plan *plan, char **args) {
  uint64_t pid;
  if (!parse_number(args[0], 10, INT_MAX, &pid) || pid < 1) return "not a pid";
  plan->pid = (pid_t)pid;
  return NULL;
}

static const char *apply_userns(struct plan *plan, char **args) {
  plan->own_userns = strcmp(args[0], "yes") == 0;
  return plan->own_userns || strcmp(args[0], "no") == 0 ? NULL : "yes or no";
}

static const char *apply_id(struct plan *plan, char **args) {
  return take_component(&plan->id, args[0]);
}

static const char *apply_cgroup(struct plan *plan, char **args) {
  if (args[0][0] != '/') return "the path must be absolute";
  strv_push(&plan->cgroups, xstrdup(args[0]));
  return NULL;
}

static const char *apply_on_exit(struct plan *plan, char **args) {
  if (plan->on_exit.count == 0 && args[0][0] != '/') return "the path must be absolute";
  strv_push(&plan->on_exit, xstrdup(args[0]));
  return NULL;
}

static const char *apply_env(struct plan *plan, char **args) {
  const char *equals = strchr(args[0], '=');
  if (equals == NULL || equals == args[0]) return "NAME=VALUE is wanted";
  strv_push(&plan->launch.env, xstrdup(args[0]));
  return NULL;
}

static const char *apply_cwd(struct plan *plan, char **args) {
  return take_absolute(&plan->launch.cwd, args[0]);
}

static const char *apply_arg(struct plan *plan, char **args) {
  if (plan->launch.args.count == 0 && args[0][0] == '\0') return "the command is empty";
  strv_push(&plan->launch.args, xstrdup(args[0]));
  return NULL;
}

static const char *apply_uid(struct plan *plan, char **args) {
  return take_id(args[0], &plan->launch.uid);
}

static const char *apply_gid(struct plan *plan, char **args) {
  return take_id(args[0], &plan->launch.gid);
}

static const char *apply_group(struct plan *plan, char **args) {
  gid_t group;
  const char *wrong = take_id(args[0], &group);
  if (wrong == NULL) launch_add_group(&plan->launch, group);
  return wrong;
}

static const char *apply_caps(struct plan *plan, char **args) {
  return parse_number(args[0], 16, UINT64_MAX, &plan->launch.caps) ? NULL : "not a hexadecimal mask";
}

static const char *apply_no_new_privs(struct plan *plan, char **args) {
  (void)args;
  plan->launch.no_new_privs = true;
  return NULL;
}

static const char *apply_tty(struct plan *plan, char **args) {
  uint64_t rows, columns;
  if (!parse_number(args[0], 10, USHRT_MAX, &rows) || !parse_number(args[1], 10, USHRT_MAX, &columns))
    return "not a window size";
  plan->launch.tty = true;
  plan->launch.window.ws_row = (unsigned short)rows;
  plan->launch.window.ws_col = (unsigned short)columns;
  return NULL;
}

static const char *apply_stdin(struct plan *plan, char **args) {
  plan->launch.stdin_fifo = strcmp(args[0], "fifo") == 0;
  return plan->launch.stdin_fifo || strcmp(args[0], "null") == 0 ? NULL : "null or fifo";
}

static const struct keyword {
  const char *name;
  int arguments;
  int verbs;    /* where it may stand */
  int required; /* where it must stand */
  bool repeatable;
  apply_record *apply;
} KEYWORDS[] = {
    {"name", 1, PLAN_RUN, PLAN_RUN, false, apply_name},
    {"root", 1, PLAN_RUN, PLAN_RUN, false, apply_root},
    {"hostname", 1, PLAN_RUN, 0, false, apply_hostname},
    {"exit-file", 1, PLAN_RUN, PLAN_RUN, false, apply_exit_file},
    {"on-exit", 1, PLAN_RUN, 0, true, apply_on_exit},
    {"uid-map", 3, PLAN_RUN, 0, true, apply_uid_map},
    {"gid-map", 3, PLAN_RUN, 0, true, apply_gid_map},
    {"mount", 5, PLAN_RUN, 0, true, apply_mount},
    {"pid", 1, PLAN_EXEC, PLAN_EXEC, false, apply_pid},
    {"userns", 1, PLAN_EXEC, PLAN_EXEC, false, apply_userns},
    {"id", 1, PLAN_EXEC, PLAN_EXEC, false, apply_id},
    {"cgroup", 1, ANY, 0, true, apply_cgroup},
    {"env", 1, ANY, 0, true, apply_env},
    {"cwd", 1, ANY, 0, false, apply_cwd},
    {"arg", 1, ANY, ANY, true, apply_arg},
    {"uid", 1, ANY, 0, false, apply_uid},
    {"gid", 1, ANY, 0, false, apply_gid},
    {"group", 1, ANY, 0, true, apply_group},
    {"caps", 1, ANY, ANY, false, apply_caps},
    {"no-new-privs", 0, ANY, 0, false, apply_no_new_privs},
    {"tty", 2, ANY, 0, false, apply_tty},
    {"stdin", 1, ANY, 0, false, apply_stdin},
};
enum { KEYWORD_COUNT = sizeof KEYWORDS / sizeof *KEYWORDS };

/* Cuts the line at single spaces and decodes. Returns the number of arguments, or -1. */
static int split(char *line, char **args) {
  int count = 0;
  strsep(&line, " ");
  while (line != NULL) {
    char *argument = strsep(&line, " ");
    if (count == MAX_ARGUMENTS || !plan_decode(argument)) return -1;
    args[count++] = argument;
  }
  return count;
}

static int take_record(char *line, enum plan_verb verb, struct plan *plan, uint64_t *seen, struct failure *why) {
  char *args[MAX_ARGUMENTS];
  int count = split(line, args);
  for (size_t i = 0; i < KEYWORD_COUNT; i++) {
    const struct keyword *keyword = &KEYWORDS[i];
    if (strcmp(keyword->name, line) != 0 || !(keyword->verbs & (int)verb)) continue;
    if (count != keyword->arguments)
      return fail(why, "plan", EINVAL, "%s: %d well-encoded arguments are wanted", line, keyword->arguments);
    if (!keyword->repeatable && *seen & UINT64_C(1) << i) return fail(why, "plan", EINVAL, "%s: given twice", line);
    *seen |= UINT64_C(1) << i;
    const char *wrong = keyword->apply(plan, args);
    return wrong == NULL ? 0 : fail(why, "plan", EINVAL, "%s %.64s: %s", line, count > 0 ? args[0] : "", wrong);
  }
  return fail(why, "plan", EINVAL, "unknown record '%.32s'", line);
}

static int check_whole(enum plan_verb verb, const struct plan *plan, uint64_t seen, struct failure *why) {
  for (size_t i = 0; i < KEYWORD_COUNT; i++)
    if (KEYWORDS[i].required & (int)verb && !(seen & UINT64_C(1) << i))
      return fail(why, "plan", EINVAL, "record '%s' is missing", KEYWORDS[i].name);
  if ((plan->uids.count == 0) != (plan->gids.count == 0))
    return fail(why, "plan", EINVAL, "uid-map and gid-map go together");
  return 0;
}

static int read_records(struct lines *lines, enum plan_verb verb, struct plan *plan, uint64_t *seen,
                        struct failure *why) {
  for (int records = 0; records <= PLAN_MAX_RECORDS; records++) {
    char *line;
    int got = lines_next(lines, &line);
    if (got < 0) return fail(why, "plan", errno, "line %d", records + 1);
    if (got == 0) return fail(why, "plan", 0, "input ended before 'end'");
    if (strcmp(line, "end") == 0) return 0;
    if (take_record(line, verb, plan, seen, why) < 0) return -1;
  }
  return fail(why, "plan", E2BIG, "more than %d records", PLAN_MAX_RECORDS);
}

int plan_read(struct lines *lines, enum plan_verb verb, struct plan *plan, struct failure *why) {
  uint64_t seen = 0;
  char *line;
  *plan = (struct plan){0};
  if (read_records(lines, verb, plan, &seen, why) == 0) return check_whole(verb, plan, seen, why);
  /* The writer is to get the reason, not a broken pipe in the middle of its plan. */
  for (int records = 0; records <= PLAN_MAX_RECORDS && lines_next(lines, &line) == 1; records++)
    if (strcmp(line, "end") == 0) break;
  return -1;
}

void plan_free(struct plan *plan) {
  free(plan->name);
  free(plan->root);
  free(plan->hostname);
  free(plan->exit_file);
  free(plan->uids.ranges);
  free(plan->gids.ranges);
  for (size_t i = 0; i < plan->mount_count; i++) {
    struct mount_op *op = &plan->mounts[i];
    free(op->source);
    free(op->target);
    free(op->fstype);
    free(op->data);
  }
  free(plan->mounts);
  free(plan->id);
  strv_free(&plan->cgroups);
  strv_free(&plan->on_exit);
  launch_free(&plan->launch);
  *plan = (struct plan){0};
}
