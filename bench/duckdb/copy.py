"""Copies a CSV file that is in memory as a table to another: prints nanoseconds and the number of rows."""

import os
import sys
import time

import duckdb

connection = duckdb.connect()
connection.execute("CREATE TABLE rows AS SELECT * FROM read_csv(?, header=true, all_varchar=true)", [sys.argv[1]])
begun = time.perf_counter_ns()
connection.execute(f"COPY rows TO '{sys.argv[2]}' (FORMAT csv, HEADER)")
with open(sys.argv[2], "rb+") as copied:
    os.fsync(copied.fileno())
spent = time.perf_counter_ns() - begun
print(spent, connection.execute("SELECT count(*) FROM rows").fetchone()[0], "rows")
