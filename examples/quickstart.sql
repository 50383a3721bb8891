# Quickstart: a first profile, small enough to run anywhere in about ten seconds.
#
# Models   50 servers in 4 regions that report one load figure every 10 seconds, written as fast as the
#          database takes them, then at a steady rate while a dashboard asks about them.
# Look at  points/s of "history" (what the database can take), and response p99 of "live" and "dashboard"
#          (what a user feels at a rate it should have no trouble with).
#
#   stressql run examples/quickstart.sql --rehearse        without a database
#   stressql run examples/quickstart.sql                   against localhost:8086, or -p HOST=host:port

SET Addresses [${HOST:-localhost:8086}]
SET TestName [quickstart]
SET Database [quickstart]
SET BatchSize [1000]
SET WriteConcurrency [4]

CREATE DATABASE quickstart

INSERT history
load,
region=[eu-west|eu-north|us-east|us-west],host=server-[int inc(1) 50]
value=[float normal(40, 12)],processes=[int rand(80, 400)]
200000 10s

# 5,000 points a second in batches of 100: 50 requests a second, each with the time it was meant to start.
GO INSERT live
load,
region=[eu-west|eu-north|us-east|us-west],host=server-[int inc(1) 50]
value=[float normal(40, 12)],processes=[int rand(80, 400)]
EVERY 10s
AT 5000/s FOR 5s
WITH BatchSize [100], StartDate [2016-02-01]
EXPECT p99 < 500ms, errors = 0

GO QUERY dashboard OF live
SELECT mean(value), max(processes) FROM load WHERE %t
AT 20/s FOR 5s
EXPECT errors = 0

WAIT

DROP DATABASE quickstart
