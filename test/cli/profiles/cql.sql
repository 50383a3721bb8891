SET Target [cql]

INSERT readings
INSERT INTO shop.readings (sensor, value) VALUES ([int inc(0) 10], [double rand(0, 1)])
DO 100
