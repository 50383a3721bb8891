# Every type of CQL: do values of each arrive, and what do collections, tuples, vectors and user types cost?
#
# Models   a table with a column of each native type; customers with a user type, collections, a tuple and a vector;
#          counters; and orders that are written in a batch with their customer's index entry.
# Look at  service p50 and request bytes of the INSERTs side by side: a row of "customers" against one of "natives".
# Stores   exactly ROWS rows in natives and in customers, and PAGES counters.
#          ScyllaDB: the vector column needs 2025.4; and counters, and IF NOT EXISTS before 2025.4, want a keyspace
#          without tablets (add AND tablets = {'enabled': false} to CREATE KEYSPACE, which Cassandra does not know).
#
#   stressql preview examples/types.sql
#   stressql run examples/types.sql -p HOST=10.0.0.1 -p ROWS=1000000

SET Target [cql]
SET Addresses [${HOST:-localhost:9042}]
SET TestName [types]
SET Keyspace [types]
SET WriteConcurrency [32]

DROP KEYSPACE IF EXISTS types

CREATE KEYSPACE types
WITH replication = {'class': 'NetworkTopologyStrategy', 'replication_factor': ${REPLICAS:-1}}

CREATE TABLE types.natives (
  id uuid PRIMARY KEY, an_ascii ascii, a_bigint bigint, a_blob blob, a_boolean boolean, a_date date, a_decimal decimal,
  a_double double, a_duration duration, a_float float, an_inet inet, an_int int, a_smallint smallint, a_text text,
  a_time time, a_timestamp timestamp, a_timeuuid timeuuid, a_tinyint tinyint, a_varint varint
)

INSERT natives
INSERT INTO natives (
  id, an_ascii, a_bigint, a_blob, a_boolean, a_date, a_decimal, a_double, a_duration, a_float, an_inet, an_int,
  a_smallint, a_text, a_time, a_timestamp, a_timeuuid, a_tinyint, a_varint
) VALUES (
  [uuid hash()], [ascii rand(8)], [bigint rand(-1000000000000, 1000000000000)], [blob rand(0, 64)], [bool rand(0.9)],
  [date inc('2026-01-01')], [decimal normal(100, 15)], [double normal(0, 1)], [duration rand(1s, 1h)], [float exp(3)],
  [inet inc('10.0.0.1')], [int rand(-100, 100)], [smallint normal(0, 100)], [text text(3, 8)],
  [time rand('08:00:00', '18:00:00')], [timestamp rand('2026-01-01', '2026-12-31')],
  [timeuuid inc('2026-01-01', 1s)], [tinyint rand(-128, 127)], [varint rand(0, 9000000000000000)]
)
DO ${ROWS:-20000}
EXPECT errors = 0

CREATE TYPE types.address (street text, number int, city text)

CREATE TABLE types.customers (
  id uuid PRIMARY KEY, name text, home frozen<address>, phones map<text, text>, labels set<text>,
  scores list<double>, place tuple<double, double>, likes frozen<map<text, frozen<list<int>>>>, embedding vector<float, 8>
)

# Slots stand inside literals too: of a user type, a tuple, a map, or one within another.
INSERT customers
INSERT INTO customers (id, name, home, phones, labels, scores, place, likes, embedding) VALUES (
  [uuid inc(0) ${ROWS:-20000}], '[Ada|Grace|Edsger|Barbara] [text text(1)]',
  {street: '[text text(1, 2)] street', number: [int rand(1, 200)], city: '[Berlin|Wien|Oslo]'},
  {'home': '+49 [int rand(1000000, 9999999)]', 'work': '+43 [int rand(1000000, 9999999)]'},
  [set(3) of text rand(4)], [list(4) of double normal(5, 1)], ([double rand(-90, 90)], [double rand(-180, 180)]),
  {'books': [list(2) of int rand(1000)], 'films': [[int rand(1000)], 7]}, [vector(8) normal(0, 1)]
)
SERIES (id)
DO ${ROWS:-20000}
EXPECT errors = 0

CREATE TABLE types.visits (page text PRIMARY KEY, hits counter)

INSERT visits
UPDATE visits SET hits = hits + [counter rand(1, 5)] WHERE page = '/page/[int inc(0) ${PAGES:-100}]'
SERIES (page)
DO ${VISITS:-10000}
EXPECT errors = 0

CREATE TABLE types.orders (id uuid PRIMARY KEY, customer uuid, amount decimal)

CREATE TABLE types.orders_of (customer uuid, id uuid, PRIMARY KEY (customer, id))

# A slot with a name stands for the same value wherever it is used again.
INSERT orders
BEGIN BATCH
  INSERT INTO orders (id, customer, amount) VALUES ([id: uuid hash()], [customer: uuid inc(0) ${ROWS:-20000}], [decimal exp(40)]);
  INSERT INTO orders_of (customer, id) VALUES ([=customer], [=id]);
APPLY BATCH
DO ${ORDERS:-5000}
EXPECT errors = 0

# %k is the partition key; every customer in turn.
QUERY customer OF customers
SELECT name, home, labels, place, embedding FROM customers WHERE %k
DO ${READS:-5000}
PICK each
EXPECT errors = 0
