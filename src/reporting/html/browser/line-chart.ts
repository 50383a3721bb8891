import uPlot from 'uplot';
import type { DrawnChart } from './charts-in-view.ts';
import { colour } from './colour.ts';
import { drawMarks, type Mark } from './marks.ts';
import { axis, clock, timeAxis } from './time-axis.ts';

export interface Line {
  readonly label: string;
  /** One a value of x; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Name of a colour in page.css. */
  readonly colour: string;
  readonly dashed?: boolean;
  /** Shaded below. */
  readonly filled?: boolean;
}

export interface LineChart {
  /** Rising. */
  readonly x: readonly number[];
  /** Where the axis of x begins; at the first x unless given. */
  readonly from?: number;
  /** Seconds since the run's start, or nines: 2 is 99 %. */
  readonly along: 'seconds' | 'nines';
  readonly lines: readonly Line[];
  readonly logarithmic: boolean;
  /** A value of y as the axis and the legend show it. */
  readonly format: (value: number) => string;
  /** What follows each value in the legend. */
  readonly mark?: string;
  readonly marks?: readonly Mark[];
}

const height = 200;
/** A chart has one sample: it gets some room at both sides. */
const roomOfOne = 0.5;

/** Draws lines into a place. The cursors of all charts along the same x move together, and so does what is zoomed. */
export function drawLines(place: HTMLElement, width: number, chart: LineChart): DrawnChart {
  const { x, from, along, lines, logarithmic, format, mark = '', marks = [] } = chart;
  const name = along === 'seconds' ? clock : percentileName;
  const drawn = new uPlot(
    {
      width,
      height,
      padding: [8, 12, 0, 0],
      scales: {
        x: {
          time: false,
          range: (_, min, max) => [
            min === x[0] ? Math.min(from ?? min, min) : min,
            max > min ? max : max + roomOfOne,
          ],
        },
        y: logarithmic ? { distr: 3 } : { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        along === 'seconds'
          ? timeAxis()
          : { ...axis(), size: 28, incrs: [1, 2], values: (_, splits) => splits.map(percentileName) },
        {
          ...axis(),
          size: 64,
          values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))),
        },
      ],
      series: [
        { label: along === 'seconds' ? 'at' : 'percentile', value: (_, at) => (at === null ? '' : name(at)) },
        ...lines.map((line): uPlot.Series => ({
          label: line.label,
          stroke: colour(line.colour),
          width: 1.5,
          ...(line.dashed === true && { dash: [5, 4] }),
          ...(line.filled === true && { fill: colour(line.colour, 0.13) }),
          value: (_, value) => (value === null ? '' : `${format(value)}${mark}`),
        })),
      ],
      cursor: { y: false, sync: { key: along, scales: ['x', null] }, points: { size: 6 } },
      hooks: { draw: [(self) => drawMarks(self, marks)] },
    },
    [
      [...x],
      ...lines.map(({ values }) =>
        // A logarithmic scale has no 0.
        logarithmic ? values.map((value) => (value === 0 ? null : value)) : [...values],
      ),
    ],
    place,
  );
  return {
    resize: (to) => drawn.setSize({ width: to, height }),
    destroy: () => drawn.destroy(),
  };
}

/** Nines as the percentile that they are: 1.301 is 95 %, 3 is 99.9 %. */
function percentileName(nines: number): string {
  const digits = Math.max(0, Math.ceil(nines) - 1);
  const share = 100 * (1 - 10 ** -nines);
  return `${Number.isInteger(nines) ? share.toFixed(Math.max(0, nines - 2)) : share.toFixed(digits)} %`;
}
