# Downsampling with continuous queries under load: does writing suffer while the database rolls data up?
#
# Models   raw requests data kept for a week, rolled up to one-minute means by continuous queries, while writers keep going.
#          "alone" writes without the continuous queries, "with_rollups" the same amount with three of them.
# Look at  points/s and service p99 of the two INSERTs side by side: the difference is what the roll-ups cost.
#
#   stressql run examples/downsampling.sql -p POINTS=2000000

SET Addresses [${HOST:-localhost:8086}]
SET TestName [downsampling]
SET Database [downsampling]
SET StartDate [now]
SET BatchSize [2500]
SET WriteConcurrency [4]

DROP DATABASE downsampling

CREATE DATABASE downsampling WITH DURATION 7d REPLICATION 1 NAME "raw"

CREATE RETENTION POLICY "year" ON downsampling DURATION 52w REPLICATION 1

INSERT alone
requests,
service=[checkout|search|login|catalog],host=web-[int inc(1) 100]
duration_ms=[float exp(40)],bytes=[int rand(200, 20000)]
DO ${POINTS:-200000} EVERY 1s
TAG variant = alone

CREATE CONTINUOUS QUERY cq_mean ON downsampling
RESAMPLE EVERY 5s FOR 2m
BEGIN
  SELECT mean(duration_ms) AS duration_ms INTO downsampling."year".requests_mean
  FROM requests GROUP BY time(1m), service
END

CREATE CONTINUOUS QUERY cq_max ON downsampling
RESAMPLE EVERY 5s FOR 2m
BEGIN
  SELECT max(duration_ms) AS duration_ms INTO downsampling."year".requests_max
  FROM requests GROUP BY time(1m), service, host
END

CREATE CONTINUOUS QUERY cq_bytes ON downsampling
RESAMPLE EVERY 5s FOR 2m
BEGIN
  SELECT sum(bytes) AS bytes INTO downsampling."year".requests_bytes
  FROM requests GROUP BY time(1m), service
END

SHOW CONTINUOUS QUERIES

INSERT with_rollups
requests,
service=[checkout|search|login|catalog],host=api-[int inc(1) 100]
duration_ms=[float exp(40)],bytes=[int rand(200, 20000)]
DO ${POINTS:-200000} EVERY 1s
TAG variant = rollups

# What a dashboard of last week reads, on the raw data.
QUERY rollup_by_hand
SELECT mean(duration_ms) FROM requests WHERE service = '[checkout|search|login|catalog]' GROUP BY time(1h)
DO 40
EXPECT errors = 0, rows >= 1

DROP DATABASE downsampling
