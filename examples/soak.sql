# Soak: does the database stay as quick over hours as it was in the first minute?
#
# Models   a modest, steady load, far below what the database can take, with readers beside the writers: a fleet that
#          reports all the time, a dashboard, and a report's heavy query now and then. Long by default.
# Look at  response p99 by interval (run with --out, and look at intervals in the run folder, or at the reporting
#          database): what creeps up is compaction, a cache that fills, or memory that leaks. A run that goes wrong
#          ends itself: once more than 1 % of the writes of half a minute fail, or p99 stays above a second.
#
#   stressql run examples/soak.sql -p FOR=24h -p RATE=20000/s -p STEP=150ms

SET Addresses [${HOST:-localhost:8086}]
SET TestName [soak]
SET Database [soak]
SET StartDate [now]
SET Precision [ms]
SET WriteConcurrency [4]
SET Retries [2]

DROP DATABASE soak

CREATE DATABASE soak WITH DURATION 7d REPLICATION 1 NAME "week"

# 3000 series at 5000 points/s: a turn of them takes 600 ms, and so does the step, so that timestamps keep pace with
# the clock. Another RATE wants another STEP.
GO INSERT fleet
cpu,
host=host-[int inc(0) 1000],region=[eu|us|ap]
usage=[float normal(40, 15)],load=[float walk(2, 0.2)],processes=[int normal(220, 30)]
EVERY ${STEP:-600ms}
FOR ${FOR:-1h}
WARMUP ${WARMUP:-1m}
AT ${RATE:-5000/s}
WITH BatchSize [250]
EXPECT p99 < 1s, error_rate < 1% ABORT AFTER 30s

GO QUERY dashboard OF fleet
SELECT mean(usage), max(load) FROM cpu WHERE %T GROUP BY time(1m)
AT 10/s FOR ${FOR:-1h}
PICK latest
EXPECT p99 < 1s, errors = 0

GO QUERY report
SELECT percentile(usage, 99) FROM cpu WHERE region = '[eu|us|ap]' GROUP BY time(10m)
AT 6/m FOR ${FOR:-1h}
TAG weight = heavy

WAIT
