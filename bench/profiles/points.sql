# Line protocol: two tags, two fields, of which one is a float of six decimals, batches of 5,000, one thread.
#
#   stressql run bench/profiles/points.sql -p HOST=127.0.0.1:8086 -p DATABASE=bench -p SECONDS=30s

SET Target [${TARGET:-influx}]
SET Addresses [${HOST}]
SET Version [1]
SET Database [${DATABASE}]
SET Workers [1]
SET BatchSize [5000]
SET WriteConcurrency [10]

INSERT points
points,
host=server-[int inc(0) 1000],region=us-[west|east]
value=[float rand(1000)],count=[int inc(0)]
DO ${POINTS:-1000000000} EVERY 1s
FOR ${SECONDS:-30s}
