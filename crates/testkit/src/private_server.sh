# Runs a PostgreSQL server for as long as somebody holds the other end of our standard input.
# Arguments: the directory of the programs, the directory for everything else (removed at the end), the port.
set -u
programs=$1 home=$2 port=$3
"$programs/initdb" --pgdata="$home/data" --username=tenantry --auth=trust --no-sync --no-locale --encoding=UTF8 \
    >/dev/null || exit 1
# Nothing of a test outlives it, so nothing needs to reach the disk.
"$programs/postgres" -D "$home/data" -p "$port" -h 127.0.0.1 -k "$home" \
    -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB -c wal_level=minimal \
    -c max_wal_senders=0 -c max_connections=500 -c max_parallel_workers_per_gather=0 -c autovacuum=off \
    -c log_destination=stderr -c logging_collector=off </dev/null >/dev/null &
server=$!
# From here on only the server writes to our standard error: when it ends, so does the stream.
exec >/dev/null 2>&1
# Returns when the test process ends, however it ends: the system closes its end of the pipe.
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf -- "$home"
