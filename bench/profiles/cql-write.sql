# A key and five values of 34 bytes, 128 in flight, one connection, one thread.
#
#   stressql run bench/profiles/cql-write.sql -p HOST=127.0.0.1:9042 -p KEYSPACE=bench -p SECONDS=30s

SET Target [cql]
SET Addresses [${HOST}]
SET Keyspace [${KEYSPACE}]
SET Driver [${DRIVER:-direct}]
SET Workers [1]
SET WriteConcurrency [128]

INSERT write
INSERT INTO standard1 (key, "C0", "C1", "C2", "C3", "C4")
VALUES ([blob hash(10)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)])
DO ${OPERATIONS:-1000000000} FOR ${SECONDS:-30s}
