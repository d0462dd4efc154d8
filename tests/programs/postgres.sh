#!/bin/bash
# A PostgreSQL that the pod's own network may use without a password.
set -euo pipefail
bin=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
"$bin/initdb" --pgdata $data --auth trust --no-sync >/dev/null
echo 'host all all 10.77.0.0/16 trust' >>$data/pg_hba.conf
exec "$bin/postgres" -D $data -c 'listen_addresses=*' -c shared_buffers=64MB -c unix_socket_directories=/tmp
