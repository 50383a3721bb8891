# Time series in Cassandra or ScyllaDB: how fast does this cluster take sensor data, and how soon can it be read?
#
# Models   ${SENSORS:-200} sensors with a week of history, one partition a sensor and day, newest reading first, as
#          such tables are usually laid out. First the history as fast as the cluster takes it, then today's readings
#          at a fixed rate, while a dashboard asks for the newest of them and a report goes over hours of last week.
# Look at  rows/s of "history"; response p99 of "live" and "latest" at a rate the cluster should have no trouble with;
#          whether "window", which reads an hour at a time, slows the other two down.
# Stores   exactly ROWS + LIVE rows in SENSORS x 8 partitions.
#
#   stressql run examples/cql-timeseries.sql -p HOST=10.0.0.1,10.0.0.2 -p SENSORS=10000 -p ROWS=10000000

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET TestName [cql-timeseries]
SET Keyspace [cql_timeseries]
SET WriteConcurrency [64]
SET QueryConcurrency [16]

DROP KEYSPACE IF EXISTS cql_timeseries

CREATE KEYSPACE cql_timeseries
WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${REPLICAS:-1}}

CREATE TABLE cql_timeseries.readings (
  sensor text, day date, at time, value double, quality tinyint,
  PRIMARY KEY ((sensor, day), at)
) WITH CLUSTERING ORDER BY (at DESC)
AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': 1}

# SERIES makes the partitions: the first column turns fastest, and "at" advances once all of them had a reading.
INSERT history
INSERT INTO readings (sensor, day, at, value, quality)
VALUES ('sensor-[int inc(0) ${SENSORS:-200}]', [date inc('2026-01-01') 7], [time seq('00:00:00', 30s)],
        [double walk(20, 0.1)], [tinyint rand(0, 3)])
SERIES (sensor, day)
DO ${ROWS:-280000}
EXPECT errors = 0

GO INSERT live
INSERT INTO readings (sensor, day, at, value, quality)
VALUES ('sensor-[int inc(0) ${SENSORS:-200}]', '2026-01-08', [time seq('00:00:00', 1s)], [double walk(20, 0.1)], 0)
DO ${LIVE:-20000}
AT ${RATE:-2000/s}
EXPECT p99 < 250ms, error_rate < 0.1%

# What a dashboard shows of a sensor that has just reported: %k is its partition.
GO QUERY latest OF live
SELECT at, value FROM readings WHERE %k LIMIT 20
DO ${LATEST:-1000}
AT 100/s
PICK latest
EXPECT p99 < 250ms, errors = 0

# What a report computes from the history: %(column) is one value of a row that was written.
GO QUERY window OF history
SELECT count(value), avg(value), max(value) FROM readings
WHERE sensor = %(sensor) AND day = %(day) AND at >= '00:00:00' AND at < '01:00:00'
DO ${WINDOWS:-100}
AT 10/s

WAIT
