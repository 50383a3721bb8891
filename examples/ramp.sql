# Ramp: at which rate does the cluster stop keeping up?
#
# Models   orders that come faster and faster: half a minute at a modest rate, a climb to ${TOP:-5000/s}, and a while
#          at the top. The load is offered whatever the answers: time spent queueing is in the response time.
# Look at  the stages (offered against achieved) and where response p99 leaves service p99: that rate is what the
#          cluster can take. The run ends itself once p99 has been above the limit for ten seconds.
#
#   stressql run examples/ramp.sql -p HOST=10.0.0.1 -p TOP=50000/s -p LIMIT=20ms

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET TestName [ramp]
SET Keyspace [ramp]
SET WriteConcurrency [128]

DROP KEYSPACE IF EXISTS ramp

CREATE KEYSPACE ramp
WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${REPLICAS:-1}}

CREATE TABLE ramp.orders (customer text, placed timestamp, item text, amount decimal, PRIMARY KEY (customer, placed))

GO INSERT orders
INSERT INTO orders (customer, placed, item, amount)
VALUES ('customer-[int inc(0) 1000]', [timestamp seq('2026-01-01', 1s)], 'item-[int zipf(500, 1.1)]', [decimal exp(40)])
SERIES (customer)
AT ${START:-500/s} FOR ${STEADY:-30s}, ${START:-500/s} TO ${TOP:-5000/s} FOR ${CLIMB:-2m}, ${TOP:-5000/s} FOR ${STEADY:-30s}
EXPECT p99 < ${LIMIT:-100ms}, error_rate < 1% ABORT AFTER 10s

# Those who look at their orders are a fixed number a second, and feel the climb too.
GO QUERY orders_of OF orders
SELECT placed, item, amount FROM orders WHERE %k LIMIT 20
AT 50/s FOR ${STEADY:-30s}, 50/s FOR ${CLIMB:-2m}, 50/s FOR ${STEADY:-30s}
EXPECT errors = 0

WAIT
