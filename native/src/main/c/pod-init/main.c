/* pod-init: the first process of a pod. */
#include <stdio.h>

#ifndef POD_INIT_VERSION
#define POD_INIT_VERSION "unknown"
#endif

int main(void) {
  return puts("pod-init " POD_INIT_VERSION) < 0;
}
