import uPlot from 'uplot';
import { colour } from './colour.ts';

const steps = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400,
];

/** The axis of all charts over time: seconds since the run's start. */
export function timeAxis(): uPlot.Axis {
  return { ...axis(), size: 28, space: 60, incrs: steps, values: (_, splits) => splits.map(clock) };
}

/** An axis in the colours of the theme. */
export function axis(): uPlot.Axis {
  const grid = { stroke: colour('grid'), width: 1 };
  return { stroke: colour('quiet'), font: '11px system-ui, sans-serif', grid, ticks: { ...grid, size: 4 } };
}

/** `1:05`, `2:00:05`, `0:00.5`. */
export function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const rest = `${two(whole % 60)}${tenths % 10 === 0 ? '' : `.${tenths % 10}`}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
