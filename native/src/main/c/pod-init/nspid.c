#include "nspid.h"

#include <fcntl.h>
#include <string.h>

bool nspid_text_is_init(const char *status) {
  const char *line = strstr(status, "\nNSpid:\t");
  if (line == NULL) return false;
  line += strlen("\nNSpid:\t");
  size_t length = strcspn(line, "\n");
  return length > 2 && memcmp(line + length - 2, "\t1", 2) == 0;
}

bool nspid_is_init(pid_t pid) {
  cleanup_free char *path = xasprintf("/proc/%d/status", pid);
  cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
  char text[4096];
  ssize_t length = fd < 0 ? -1 : TEMP_FAILURE_RETRY(read(fd, text, sizeof text - 1));
  if (length <= 0) return false;
  text[length] = '\0';
  return nspid_text_is_init(text);
}
