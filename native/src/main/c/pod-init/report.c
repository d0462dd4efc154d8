#include "report.h"

#include <stdio.h>
#include <string.h>

char *json_string(const char *text) {
  char *quoted = xrealloc(NULL, strlen(text) + 1, 6);
  char *at = quoted;
  *at++ = '"';
  for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
    if (*byte == '"' || *byte == '\\')
      at += sprintf(at, "\\%c", *byte);
    else if (*byte < 0x20 || *byte == 0x7f)
      at += sprintf(at, "\\u%04x", *byte);
    else if (*byte > 0x7f)
      at += sprintf(at, "\\ufffd");
    else
      *at++ = (char)*byte;
  }
  strcpy(at, "\"");
  return quoted;
}

/* A reader that has gone is no reason to stop: what is told here is known from the exit status too. */
static void put_line(char *line) {
  if (write_all(STDOUT_FILENO, line, strlen(line)) < 0 && errno != EPIPE)
    fprintf(stderr, "pod-init: cannot report: %s\n", strerror(errno));
  free(line);
}

void report_created(pid_t pid, pid_t monitor) {
  put_line(xasprintf("{\"event\":\"created\",\"pid\":%d,\"monitor\":%d}\n", pid, monitor));
}

void report_criu(pid_t pid, pid_t monitor) {
  put_line(xasprintf("{\"event\":\"criu\",\"pid\":%d,\"monitor\":%d}\n", pid, monitor));
}

void report_ready(pid_t pid) {
  put_line(xasprintf("{\"event\":\"ready\",\"pid\":%d}\n", pid));
}

void report_started(pid_t pid) {
  put_line(pid == 0 ? xstrdup("{\"event\":\"started\"}\n") : xasprintf("{\"event\":\"started\",\"pid\":%d}\n", pid));
}

void report_failed(const struct failure *why) {
  const char *name = why->error == 0 ? "" : strerrorname_np(why->error);
  const char *hint = failure_hint(why);
  cleanup_free char *stage = json_string(why->stage);
  cleanup_free char *message = json_string(why->message);
  cleanup_free char *hint_member = hint == NULL ? xstrdup("") : xasprintf(",\"hint\":\"%s\"", hint);
  put_line(xasprintf("{\"event\":\"failed\",\"stage\":%s,\"errno\":\"%s\",\"message\":%s%s}\n", stage,
                     name == NULL ? "" : name, message, hint_member));
}
