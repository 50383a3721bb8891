# Read back what load.sql has loaded: is every row there, and how fast are they found?
#
# Models   the users of load.sql, who come back. First every row once, in the order of writing; then users as they
#          come, most of them the same few.
# Look at  rows of "every": as many as queries, or something is missing. Service p99 of "every" (cold reads) against
#          that of "popular" (mostly cached).
# Stores   nothing.
#
#   stressql run examples/load.sql
#   stressql run examples/read-back.sql           with the same parameters, and the same --seed where there was one

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET Keyspace [load_then_read]
SET QueryConcurrency [64]

# The INSERT of load.sql: its name, template and count make the same rows, and WRITTEN sends none of them.
INSERT events
INSERT INTO events (user, at, kind, payload)
VALUES ('user-[int inc(0) ${USERS:-2000}]', [timestamp seq('2026-01-01', 1m)], '[view*90|cart*8|order*2]', [text text(5, 20)])
SERIES (user)
DO ${ROWS:-200000}
WRITTEN

QUERY every OF events
SELECT kind, payload FROM events WHERE %K
DO ${ROWS:-200000}
PICK each
EXPECT errors = 0, rows = ${ROWS:-200000}

QUERY popular OF events
SELECT at, kind, payload FROM events WHERE %k ORDER BY at DESC LIMIT 10
DO ${POPULAR:-2000}
PICK zipf(1.1)
AT 500/s
EXPECT p99 < 250ms, errors = 0
