# Key-value store: what do readers of popular keys feel, alone and beside writers?
#
# Models   ${KEYS:-100000} keys with values of 256 bytes, as sessions or profiles are kept. Some keys are far more
#          popular than others (Zipf), among readers and writers alike. Readers start alone; writers join after 5 s.
# Look at  response p99 of "get" in the first seconds and after (the interval lines while it runs), and its service time:
#          cached keys answer quickly, so a wide gap between p50 and p99 tells how many were not.
# Stores   exactly KEYS rows, a partition each; every key that "get" asks for is there.
#
#   stressql run examples/key-value.sql -p HOST=10.0.0.1 -p KEYS=10000000 -p READS=10000/s

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET TestName [key-value]
SET Keyspace [key_value]
SET WriteConcurrency [64]
SET QueryConcurrency [64]

DROP KEYSPACE IF EXISTS key_value

CREATE KEYSPACE key_value
WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${REPLICAS:-1}}

CREATE TABLE key_value.items (key text PRIMARY KEY, value blob, version bigint)
WITH compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 4}

INSERT fill
INSERT INTO items (key, value, version)
VALUES ('user:[int inc(0) ${KEYS:-100000}]', [blob rand(256)], 0)
SERIES (key)
DO ${KEYS:-100000}
EXPECT errors = 0

GO QUERY get OF fill
SELECT value, version FROM items WHERE %k
DO ${GETS:-20000}
AT ${READS:-1000/s}
PICK zipf(1.1)
EXPECT p99 < 100ms, errors = 0

WAIT 5s

# Nothing asks what it has written, so its keys may be a draw.
GO INSERT put
UPDATE items USING TTL 86400 SET value = [blob rand(256)], version = [bigint inc(1)]
WHERE key = 'user:[int zipf(${KEYS:-100000}, 1.1)]'
DO ${PUTS:-5000}
AT ${WRITES:-500/s}
EXPECT p99 < 100ms, errors = 0

WAIT

# Compare and set, which asks a majority of the replicas four times over: as dear as it looks.
INSERT claim
INSERT INTO items (key, value, version) VALUES ('user:[int rand(${KEYS:-100000})]', [blob rand(256)], 0) IF NOT EXISTS
DO ${CLAIMS:-500}
WITH WriteConcurrency [4]
TAG write = compare-and-set
EXPECT errors = 0
