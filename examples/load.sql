# Load, to be read back later: rows that another run, on another day or machine, knows without having kept them.
#
# Models   ${ROWS:-200000} events of ${USERS:-2000} users. What a row holds follows from the seed, the name of the
#          INSERT and the row's number alone; read-back.sql has the same INSERT with WRITTEN, and asks for each of them.
# Look at  rows/s of "events". What is loaded stays, so that the next run has something to read.
# Stores   exactly ROWS rows in USERS partitions.
#
#   stressql run examples/load.sql
#   stressql run examples/read-back.sql           with the same parameters, and the same --seed where there was one

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET TestName [load]
SET Keyspace [load_then_read]
SET WriteConcurrency [64]

DROP KEYSPACE IF EXISTS load_then_read

CREATE KEYSPACE load_then_read
WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${REPLICAS:-1}}

CREATE TABLE load_then_read.events (
  user text, at timestamp, kind text, payload text,
  PRIMARY KEY (user, at)
)

INSERT events
INSERT INTO events (user, at, kind, payload)
VALUES ('user-[int inc(0) ${USERS:-2000}]', [timestamp seq('2026-01-01', 1m)], '[view*90|cart*8|order*2]', [text text(5, 20)])
SERIES (user)
DO ${ROWS:-200000}
EXPECT errors = 0
