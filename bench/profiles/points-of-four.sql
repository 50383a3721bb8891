# The points of bench/profiles/points.sql from four templates at once, which share their slots.
#
#   stressql run bench/profiles/points-of-four.sql -p HOST=127.0.0.1:8086 -p DATABASE=bench -p SECONDS=30s

SET Addresses [${HOST}]
SET Version [1]
SET Database [${DATABASE}]
SET Workers [1]
SET BatchSize [5000]
SET WriteConcurrency [10]

GO INSERT points
points,
host=server-[int inc(0) 1000],region=us-[west|east]
value=[float rand(1000)],count=[int inc(0)]
DO ${POINTS:-1000000000} EVERY 1s
FOR ${SECONDS:-30s}

GO INSERT disks
points,
disk=[int inc(0) 1000],model=[a|b]
value=[float rand(2000)],count=[int inc(5)]
DO ${POINTS:-1000000000} EVERY 1s
FOR ${SECONDS:-30s}

GO INSERT sensors
points,
site=[north|south],sensor=s[int inc(0) 1000]
count=[int inc(7)],value=[float rand(50)]
DO ${POINTS:-1000000000} EVERY 1s
FOR ${SECONDS:-30s}

GO INSERT shops
points,
till=till-[int inc(0) 1000],city=[oslo|wien]
value=[float rand(100)],count=[int inc(9)]
DO ${POINTS:-1000000000} EVERY 1s
FOR ${SECONDS:-30s}

WAIT
