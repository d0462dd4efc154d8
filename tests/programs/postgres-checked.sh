#!/bin/bash
# A PostgreSQL with checksums on its pages and every commit on the disk, in $PGDATA.
set -euo pipefail
bin=$(echo /usr/lib/postgresql/*/bin)
"$bin/initdb" --pgdata "$PGDATA" --auth trust --data-checksums >/dev/null
echo 'host all all 10.77.0.0/16 trust' >>"$PGDATA/pg_hba.conf"
exec "$bin/postgres" -D "$PGDATA" -c 'listen_addresses=*' -c shared_buffers=32MB -c fsync=on -c synchronous_commit=on \
  -c checkpoint_timeout=30s -c max_wal_size=64MB -c unix_socket_directories=/tmp
