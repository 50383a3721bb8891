# CPU metrics of a fleet: how fast does this InfluxDB take monitoring data, and what do more series cost?
#
# Models   ${HOSTS:-1000} hosts in 3 regions, 10 fields each as a monitoring agent sends them, one turn of the
#          whole fleet every 10 seconds; first a bulk load, then the same fleet at a fixed rate.
# Look at  points/s of "bulk" and its service p99; response against service time of "steady" (the difference is
#          time spent queueing); lateness, which must stay far below service time.
# Stores   exactly hosts x 3 series and POINTS + STEADY x 10 points:
#          SHOW SERIES CARDINALITY ON cpu_fleet and SELECT count(usage_user) FROM cpu say the same.
#
#   stressql run examples/cpu-fleet.sql -p HOSTS=10000 -p POINTS=10000000

SET Addresses [${HOST:-localhost:8086}]
SET TestName [cpu-fleet]
SET Database [cpu_fleet]
SET StartDate [2026-01-01]
SET BatchSize [5000]
SET WriteConcurrency [8]

DROP DATABASE cpu_fleet

CREATE DATABASE cpu_fleet

INSERT bulk
cpu,
host=host-[int inc(0) ${HOSTS:-1000}],region=[eu-central|us-east|ap-south],service=web,arch=x64
usage_user=[float normal(35, 10)],usage_system=[float normal(8, 3)],usage_idle=[float normal(50, 12)],
usage_iowait=[float exp(1.5)],usage_steal=[float exp(0.2)],usage_nice=[float rand(0, 2)],
load1=[float walk(2, 0.1)],processes=[int normal(220, 30)],uptime=[int inc(3600)],context_switches=[int rand(1000, 90000)]
DO ${POINTS:-600000} EVERY 10s
EXPECT errors = 0

# The same fleet a month later, at a rate the bulk load has just shown to be modest. BatchSize 500 keeps the
# requests frequent enough (20 a second at 10000 points/s) for percentiles to mean something.
GO INSERT steady
cpu,
host=host-[int inc(0) ${HOSTS:-1000}],region=[eu-central|us-east|ap-south],service=web,arch=x64
usage_user=[float normal(35, 10)],usage_system=[float normal(8, 3)],usage_idle=[float normal(50, 12)],
usage_iowait=[float exp(1.5)],usage_steal=[float exp(0.2)],usage_nice=[float rand(0, 2)],
load1=[float walk(2, 0.1)],processes=[int normal(220, 30)],uptime=[int inc(3600)],context_switches=[int rand(1000, 90000)]
DO ${STEADY:-100000} EVERY 10s
AT ${RATE:-10000/s}
WITH StartDate [2026-02-01], BatchSize [500]
EXPECT p99 < 250ms, error_rate < 0.1%

WAIT steady
