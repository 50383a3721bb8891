# The writes of bench/profiles/cql-write.sql at a rate.
#
#   stressql run bench/profiles/cql-paced.sql -p HOST=127.0.0.1:9042 -p KEYSPACE=bench -p RATE=2000/s -p SECONDS=30s

SET Target [cql]
SET Addresses [${HOST}]
SET Keyspace [${KEYSPACE}]
SET Driver [direct]
SET Workers [1]
SET Pace [${PACE:-normal}]
SET WriteConcurrency [${SLOTS:-128}]

INSERT write
INSERT INTO standard1 (key, "C0", "C1", "C2", "C3", "C4")
VALUES ([blob hash(10)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)], [blob rand(34)])
DO ${OPERATIONS:-1000000000} FOR ${SECONDS:-30s}
AT ${RATE}
