#!/bin/sh
# The helper starts and says which version it is.
"$POD_INIT" --version | grep -q '^pod-init ' && echo "ok - version"
