#include <getopt.h>

#include "launch.h"
#include "tap.h"

int main(void) {
  struct launch sent = {.uid = 33,
                        .gid = 44,
                        .caps = UINT64_C(0x8000000000000001),
                        .no_new_privs = true,
                        .tty = true,
                        .stdin_fifo = true,
                        .cwd = xstrdup("/w d")};
  sent.window.ws_row = 24;
  sent.window.ws_col = 80;
  launch_add_group(&sent, 5);
  launch_add_group(&sent, 6);
  strv_push(&sent.args, xstrdup("--dir"));
  strv_push(&sent.args, xstrdup(""));
  struct strv argv = launch_to_argv(&sent, "supervise", 3, "/.pod/exec/x");
  is(argv.items[0], "init", "argv[0]");
  is(argv.items[1], "supervise", "the verb");

  struct session_args got = session_args_parse((int)argv.count - 1, argv.items + 1);
  ok(got.status_fd == 3, "status descriptor");
  is(got.dir, "/.pod/exec/x", "directory");
  ok(got.launch.uid == 33 && got.launch.gid == 44, "ids");
  ok(got.launch.group_count == 2 && got.launch.groups[0] == 5 && got.launch.groups[1] == 6, "groups");
  ok(got.launch.caps == sent.caps, "capabilities");
  ok(got.launch.no_new_privs && got.launch.tty && got.launch.stdin_fifo, "switches");
  ok(got.launch.window.ws_row == 24 && got.launch.window.ws_col == 80, "window");
  is(got.launch.cwd, "/w d", "working directory");
  is(got.args[0], "--dir", "arguments that look like options stay arguments");
  is(got.args[1], "", "empty ones too");
  ok(got.args[2] == NULL, "and that is all");

  free(got.launch.groups);
  strv_free(&argv);
  launch_free(&sent);
  return done_testing();
}
