# Rows by their key, which bench/profiles/cql-write.sql has written: 128 in flight, one connection, one thread.
#
#   stressql run bench/profiles/cql-read.sql -p HOST=127.0.0.1:9042 -p KEYSPACE=bench -p KEYS=100000 -p SECONDS=30s

SET Target [cql]
SET Addresses [${HOST}]
SET Keyspace [${KEYSPACE}]
SET Driver [${DRIVER:-direct}]
SET Workers [1]
SET QueryConcurrency [128]

INSERT write
INSERT INTO standard1 (key, "C0", "C1", "C2", "C3", "C4")
VALUES ([blob hash(10)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)])
DO ${KEYS}
WRITTEN

QUERY read OF write
SELECT key, "C0", "C1", "C2", "C3", "C4" FROM standard1 WHERE %K
DO ${OPERATIONS:-1000000000} FOR ${SECONDS:-30s}
PICK uniform
