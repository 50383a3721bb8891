# Dashboard queries against live writes: what do readers feel while writers are at work?
#
# Models   a wall of dashboards over a fleet that keeps writing: narrow queries about one host that was written a
#          moment ago, wide ones over the whole fleet, and a few heavy reports. Writing runs at a fixed rate, and
#          reading climbs from a quiet morning to the Monday rush.
# Look at  response p95 and p99 of each QUERY as the rate climbs (stages: offered against achieved), and whether "fleet"
#          keeps its rate: where readers slow writers down, its response time shows it first.
#
#   stressql run examples/dashboard.sql -p TIME=5m -p HOST=influx:8086

SET Addresses [${HOST:-localhost:8086}]
SET TestName [dashboard]
SET Database [dashboard]
SET StartDate [now]
SET WriteConcurrency [4]
SET QueryConcurrency [8]

CREATE DATABASE dashboard

GO INSERT fleet
cpu,
host=host-[int inc(0) 200],region=[eu|us|ap]
usage=[float normal(40, 15)],load=[float walk(2, 0.2)]
EVERY 1s
AT 6000/s FOR ${TIME:-20s}
WITH BatchSize [300]
EXPECT p99 < 1s, error_rate < 0.1%

# One host, the one with this point's tags: %T makes a WHERE of them.
GO QUERY one_host OF fleet
SELECT mean(usage), max(load) FROM cpu WHERE %T GROUP BY time(1m)
AT 5/s TO 60/s FOR ${TIME:-20s}
PICK latest
EXPECT p95 < 500ms, errors = 0

GO QUERY whole_fleet
SELECT mean(usage) FROM cpu WHERE region = '[eu|us|ap]' GROUP BY time(10s), region
AT 2/s FOR ${TIME:-20s}
EXPECT errors = 0

GO QUERY report
SELECT percentile(usage, 99), count(usage) FROM cpu GROUP BY host
AT 30/m FOR ${TIME:-20s}
TAG weight = heavy

WAIT

DROP DATABASE dashboard
