/** Scripts that use every statement, clause, slot, quote and comment; mutations start from them. */
export const goodScripts: readonly string[] = [
  `# A fleet, written over lines and on one
CREATE DATABASE stress

SET Addresses [10.0.0.1:8086|10.0.0.2]
SET Password ["p]s]word"]
SET StartDate [now]

GO INSERT cpu
cpu,
host=server-[int inc(0) 10000],location=[us-west|us-east|eu-north]  # where it stands
value=[float rand(100)],count=[int inc(0)],note="a \\"b\\" [int inc(0)]"
1000000 10s
AT 1000/s FOR 1m, 1000/s TO 50000/s FOR 5m, 50000/s
WARMUP 10s
EXPECT p99 < 20ms, service.p99.9 <= 1s, error_rate < 1%, throughput > 900/s ABORT AFTER 10s

GO INSERT mem mem,host=a[int inc(0) 5]b used=[int walk(5, 1)],color=#ff0000 DO 100 EVERY 1s TAG team = core, run = "a b"

QUERY cpu
SELECT mean(value) FROM cpu WHERE %t AND time > %a AND v % 5 = 0 GROUP BY "%f" -- every tag
DO 250
PICK zipf(1.1)

WAIT cpu
WAIT 30s;
WAIT
EXEC ./report.sh --rows 'a b' "c""d" # after the load
`,
  `CREATE TABLE shop.readings (
  sensor text,

  day date, -- a day
  ts timestamp,
  note text, tags map<text, text>,
  PRIMARY KEY ((sensor, day), ts)
) WITH comment = 'it''s [not|a] slot';

GO INSERT readings
INSERT INTO shop.readings (sensor, day, ts, value, note, l, m)
VALUES ('sensor-[int inc(0) 10000]', [date const('2026-01-01')], [timestamp seq('2026-01-01', 10s)],
  [double normal(20, 5)], [str rand(5, 20)], [1, 2, 3], {'a': [int rand(5)]})
USING TTL 86400
SERIES (sensor)
DO 1_000_000 WITH BatchSize [1], Consistency [QUORUM]
POPULATION ~gaussian( 1..1M , 5 )

GO QUERY back OF readings
SELECT value, note, l FROM shop.readings WHERE %K
RETURNS %(value), 'x-[int inc(0)]', [1, 2, 3], {'a': [=id]}, null -- as written

POPULATION 0..999
DO 10

GO INSERT state
UPDATE shop.state
SET m['k'] = [id: uuid rand(1000) 50], n = [=id]
WHERE at = [get*80|put*20] AND for = 'x' AND do = 1
FOR 1m

GO INSERT many
BEGIN UNLOGGED BATCH
INSERT INTO a (x) VALUES ([int inc(0)]);

INSERT INTO b (x) VALUES ([list(3) of int rand(5)]);
APPLY BATCH;

DO 100

CREATE FUNCTION f (a int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS

$$ return "\${NOT}" + 'x';

GO home; $$;

CQL SELECT * FROM t WHERE k = $$it's$$

INFLUXQL SELECT * FROM /a[b|c]/ WHERE h =~ /x\\/y/ AND k = 'it\\'s'
`,
  `USE thing

CREATE CONTINUOUS QUERY cq ON thing
RESAMPLE EVERY 10s FOR 2h
BEGIN

  SELECT mean(value) INTO b FROM cpu GROUP BY time(1m)

END

INSERT \${NAME:-cpu} """
\${MEASUREMENT},a\\ b=\${env:HOST:-x} v=[int inc(\${START}) \${COUNT}]
"""
DO \${COUNT:-10}
WRITTEN

QUERY q OF \${NAME:-cpu} """"
SELECT "a" FROM x WHERE k = 'it\\'s' """ AND %(host) = %T
""""
FOR 30s
PICK latest

INSERT one
select,host=a,--rows=5 go=1i,"q"=t,m="multi
line"

5 1s

GO
EXEC true

SET PASSWORD FOR jane = 'secret'
`,
  `MIX mixed
  INSERT write """
UPDATE t SET a = [blob rand(5)] WHERE k = [int inc(0)]
"""
  WEIGHT \${WEIGHT:-1}

  QUERY read
  SELECT a FROM t WHERE k = [int inc(0)]

  WEIGHT 3; # a comment
  INSERT point
  m,host=[a|b] v=1
end CLUSTER ~gaussian(1..\${MOST:-10}, 5)
DO 5

GO MIX other INSERT a m v=1
END
FOR 1s
POPULATION 1..1m lookback exp( 1..100 )
`,
  `INSERT events
UPDATE events SET value = [blob stress('value', 8)]
WHERE sensor = [text stresskey('sensor', 10)] AND at = [bigint stresscluster('at', 8, 'fixed(3)')]
PARTITIONS ~uniform(1..50) visits uniform( 2..9 ) OVER 1000 SHARE gaussian( 1..10, 5 )/10 COLUMNS fixed(1)/2 UNLOGGED
DO 10

QUERY since
SELECT * FROM events WHERE sensor = [=sensor] AND at >= [=at]
ROWS [sensor: text stresskey('sensor', 10)], -- of the key
  [at: bigint stresscluster('at', 8, 'fixed(3)')]
RETURNS *
DO 5
`,
];
