"""Rates rows with graduated tiers, exactly: prints nanoseconds and the total.

The rows are in memory before the clock starts. Tiers are those of bench/src/rating.rs.
"""

import sys
import time

import duckdb

TIERS = [("0", "0.0500"), ("500", "0.0400"), ("1500", "0.0300")]


def cost(upto: str) -> str:
    """What a month's quantity so far costs: the sum over the tiers of what lies in each."""
    parts = []
    for at, (bound, rate) in enumerate(TIERS):
        top = f"least({upto}, {TIERS[at + 1][0]})" if at + 1 < len(TIERS) else upto
        parts.append(f"greatest({top} - {bound}, 0)::DECIMAL(18,3) * {rate}::DECIMAL(5,4)")
    return "(" + " + ".join(parts) + ")"


connection = duckdb.connect()
connection.execute(
    "CREATE TABLE rows AS SELECT column0 AS account, column1 AS place, column2 AS quantity FROM read_csv(?, header=false, "
    "columns={'column0': 'BIGINT', 'column1': 'BIGINT', 'column2': 'DECIMAL(18,3)'})",
    [sys.argv[1]],
)
query = f"""
    CREATE TABLE rated AS
    SELECT account, place, {cost("upto")} - {cost("(upto - quantity)")} AS charge
    FROM (SELECT *, (sum(quantity) OVER (PARTITION BY account ORDER BY place))::DECIMAL(18,3) AS upto FROM rows)
"""
begun = time.perf_counter_ns()
connection.execute(query)
spent = time.perf_counter_ns() - begun
print(spent, connection.execute("SELECT sum(charge) FROM rated").fetchone()[0])
