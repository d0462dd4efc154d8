#include "launch.h"

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

void launch_add_group(struct launch *launch, gid_t group) {
  launch->groups = xrealloc(launch->groups, launch->group_count + 1, sizeof *launch->groups);
  launch->groups[launch->group_count++] = group;
}

void launch_free(struct launch *launch) {
  strv_free(&launch->env);
  strv_free(&launch->args);
  free(launch->cwd);
  free(launch->groups);
  *launch = (struct launch){0};
}

static void push_option(struct strv *argv, const char *option, char *owned_value) {
  strv_push(argv, xstrdup(option));
  strv_push(argv, owned_value);
}

struct strv launch_to_argv(const struct launch *launch, const char *verb, int status_fd, const char *dir) {
  struct strv argv = {0};
  strv_push(&argv, xstrdup("init"));
  strv_push(&argv, xstrdup(verb));
  push_option(&argv, "--status-fd", xasprintf("%d", status_fd));
  push_option(&argv, "--dir", xstrdup(dir));
  push_option(&argv, "--uid", xasprintf("%u", launch->uid));
  push_option(&argv, "--gid", xasprintf("%u", launch->gid));
  for (size_t i = 0; i < launch->group_count; i++)
    push_option(&argv, "--group", xasprintf("%u", launch->groups[i]));
  push_option(&argv, "--caps", xasprintf("%" PRIx64, launch->caps));
  if (launch->no_new_privs) strv_push(&argv, xstrdup("--no-new-privs"));
  if (launch->tty) {
    push_option(&argv, "--rows", xasprintf("%u", launch->window.ws_row));
    push_option(&argv, "--columns", xasprintf("%u", launch->window.ws_col));
  }
  if (launch->stdin_fifo) strv_push(&argv, xstrdup("--stdin-fifo"));
  push_option(&argv, "--cwd", xstrdup(launch->cwd == NULL ? "/" : launch->cwd));
  strv_push(&argv, xstrdup("--"));
  for (size_t i = 0; i < launch->args.count; i++)
    strv_push(&argv, xstrdup(launch->args.items[i]));
  return argv;
}

enum option_key { STATUS_FD = 1, DIR_, UID, GID, GROUP, CAPS, NO_NEW_PRIVS, ROWS, COLUMNS, STDIN_FIFO, CWD };

static const struct option OPTIONS[] = {
    {"status-fd", required_argument, NULL, STATUS_FD},
    {"dir", required_argument, NULL, DIR_},
    {"uid", required_argument, NULL, UID},
    {"gid", required_argument, NULL, GID},
    {"group", required_argument, NULL, GROUP},
    {"caps", required_argument, NULL, CAPS},
    {"no-new-privs", no_argument, NULL, NO_NEW_PRIVS},
    {"rows", required_argument, NULL, ROWS},
    {"columns", required_argument, NULL, COLUMNS},
    {"stdin-fifo", no_argument, NULL, STDIN_FIFO},
    {"cwd", required_argument, NULL, CWD},
    {0},
};

static uint64_t number(const char *text, int base, uint64_t max) {
  uint64_t value;
  if (!parse_number(text, base, max, &value)) die("not a number in range: %s", text);
  return value;
}

static void take_option(struct session_args *session, int key, char *value) {
  struct launch *launch = &session->launch;
  switch (key) {
    case STATUS_FD:
      session->status_fd = (int)number(value, 10, INT_MAX);
      break;
    case DIR_:
      session->dir = value;
      break;
    case UID:
      launch->uid = (uid_t)number(value, 10, UINT32_MAX - 1);
      break;
    case GID:
      launch->gid = (gid_t)number(value, 10, UINT32_MAX - 1);
      break;
    case GROUP:
      launch_add_group(launch, (gid_t)number(value, 10, UINT32_MAX - 1));
      break;
    case CAPS:
      launch->caps = number(value, 16, UINT64_MAX);
      break;
    case NO_NEW_PRIVS:
      launch->no_new_privs = true;
      break;
    case ROWS:
      launch->window.ws_row = (unsigned short)number(value, 10, USHRT_MAX);
      launch->tty = true;
      break;
    case COLUMNS:
      launch->window.ws_col = (unsigned short)number(value, 10, USHRT_MAX);
      break;
    case STDIN_FIFO:
      launch->stdin_fifo = true;
      break;
    case CWD:
      launch->cwd = value;
      break;
    default:
      die("this verb is for pod-init itself to start");
  }
}

struct session_args session_args_parse(int argc, char **argv) {
  struct session_args session = {.status_fd = -1, .dir = "/.pod", .launch.cwd = NULL};
  int key;
  while ((key = getopt_long(argc, argv, "+", OPTIONS, NULL)) != -1)
    take_option(&session, key, optarg);
  session.args = argv + optind;
  if (session.args[0] == NULL || session.status_fd < 0) die("this verb is for pod-init itself to start");
  return session;
}
