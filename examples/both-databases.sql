# One profile, two kinds of database: the same points in InfluxDB, and in Cassandra or ScyllaDB.
#
# Models   climate sensors in buildings. A point is a row of a table: the tags are its partition key, the timestamp its
#          clustering column, the fields its columns; CreateTables makes keyspace and table. What only one of the two
#          understands stands behind INFLUXQL or CQL, and is skipped on the other.
# Look at  points/s of "climate" and service p99 of "newest" of the two runs side by side. Mind that a request to
#          InfluxDB carries ${BATCH:-500} points and one to Cassandra a row, so that requests/s say little.
# Stores   exactly POINTS points in 400 series, on either.
#
#   stressql run examples/both-databases.sql -p TARGET=influx -p HOST=10.0.0.1
#   stressql run examples/both-databases.sql -p TARGET=cql -p HOST=10.0.0.2

SET Target [${TARGET:-influx}]
SET Addresses [${HOST:-localhost}]
SET TestName [both-databases]
SET Database [both_databases]
SET Keyspace [both_databases]
SET CreateTables [true]
SET Precision [ms]
SET StartDate [2026-01-01]
SET BatchSize [${BATCH:-500}]
SET WriteConcurrency [16]

INFLUXQL DROP DATABASE both_databases

INFLUXQL CREATE DATABASE both_databases

CQL DROP KEYSPACE IF EXISTS both_databases

INSERT climate
climate,
site=[berlin|wien|oslo|bern],sensor=t-[int inc(0) 100]
temperature=[float sine(1d, 6, 21)],humidity=[float normal(45, 8)],opened=[int rand(0, 20)],state="[ok|warm|cold]"
DO ${POINTS:-100000} EVERY 30s
EXPECT errors = 0

# %m is measurement or table, and %T all tags: both say this in their own words.
QUERY newest OF climate
SELECT temperature, humidity FROM %m WHERE %T ORDER BY time DESC LIMIT 10
DO ${QUERIES:-500}
EXPECT errors = 0, rows = ${NEWEST:-5000}

INFLUXQL SELECT count(temperature), mean(temperature) FROM climate

CQL SELECT count(temperature), avg(temperature) FROM both_databases.climate
