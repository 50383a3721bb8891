# Mixed traffic: what do three reads to one write feel like, and is what comes back what was written?
#
# Models   ${KEYS:-100000} rows of 256 bytes. Readers and writers share one sequence of keys, of which those in the
#          middle are asked for most; one of four requests writes. A row's value follows from its key, so that every
#          answer can be compared with it.
# Look at  response p99 of "get" beside that of "put"; a row that is missing or different is an error of class validation.
# Stores   exactly KEYS rows, a partition each.
#
#   stressql run examples/mixed.sql -p HOST=10.0.0.1 -p KEYS=10000000 -p RATE=20000/s

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET TestName [mixed]
SET Keyspace [mixed]
SET WriteConcurrency [64]

DROP KEYSPACE IF EXISTS mixed

CREATE KEYSPACE mixed
WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${REPLICAS:-1}}

CREATE TABLE mixed.items (key uuid PRIMARY KEY, value blob)

INSERT fill
INSERT INTO items (key, value) VALUES ([uuid hash()], [blob hash(256)])
POPULATION 1..${KEYS:-100000}
DO ${KEYS:-100000}
EXPECT errors = 0

MIX traffic
  INSERT put
    UPDATE items SET value = [blob hash(256)] WHERE key = [uuid hash()]
    WEIGHT 1
    EXPECT p99 < 100ms, errors = 0
  QUERY get
    SELECT value FROM items WHERE key = [uuid hash()]
    RETURNS [blob hash(256)]
    WEIGHT 3
    EXPECT p99 < 100ms, errors = 0
END
CLUSTER gaussian(1..10)
POPULATION gaussian(1..${KEYS:-100000})
AT ${RATE:-1000/s} FOR ${FOR:-20s}
