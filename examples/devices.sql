# Devices with realistic values: sensors in buildings, as an IoT platform stores them.
#
# Models   meters whose temperature follows the day (sine), whose battery wanders (walk), whose energy counter only
#          grows (inc), and which report a state out of a few, most of the time "ok". Device names come from a
#          file beside this profile, so that they look like yours.
# Look at  the percentile tables of `stressql preview` before you run it (are these your values?), then points/s
#          and request bytes; text and realistic values compress worse than constants, and that is the point.
#
#   stressql preview examples/devices.sql
#   stressql run examples/devices.sql -p POINTS=5000000

SET Addresses [${HOST:-localhost:8086}]
SET TestName [devices]
SET Database [devices]
SET Precision [ms]
SET StartDate [2026-03-01]
SET BatchSize [2000]
SET WriteConcurrency [6]

CREATE DATABASE devices

GO INSERT climate
climate,
site=[str file('devices-sites.txt') 12],floor=[int inc(1) 5],sensor=t-[int inc(1000) 40]
temperature=[float sine(1d, 6, 21)],humidity=[float normal(45, 8)],battery=[float walk(3.6, 0.002)],
state="[ok*97|low-battery*2|offline*1]"
DO ${POINTS:-300000} EVERY 30s

GO INSERT energy
energy,
site=[str file('devices-sites.txt') 12],meter=[uuid inc(0) 100]
kwh=[float inc(1200, 0.25)],volts=[float normal(230, 2.5)],firmware="[2.4.1|2.5.0]",phases=[1i|3i]
DO ${POINTS:-300000} EVERY 1m

WAIT
