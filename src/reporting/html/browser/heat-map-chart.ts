import uPlot from 'uplot';
import { formatCount, formatDuration } from '../../../stress-client/units.ts';
import { rowsADoubling } from '../heat-rows.ts';
import type { PackedHeatMap } from '../report-data.ts';
import { unpackColumns } from '../unpack-columns.ts';
import type { DrawnChart } from './charts-in-view.ts';
import { colour } from './colour.ts';
import { drawMarks, type Mark } from './marks.ts';
import { axis, clock, timeAxis } from './time-axis.ts';

const height = 200;
/** The faintest cell is seen, too: one slow request among millions is what a heat map is for. */
const faintest = 0.18;

/** Draws a heat map into a place; below it, what the cursor points at. */
export function drawHeatMap(
  place: HTMLElement,
  width: number,
  map: PackedHeatMap,
  marks: readonly Mark[],
): DrawnChart {
  const cells = unpackColumns(map.cells);
  const columns = cells.get('column') as readonly number[];
  const rows = cells.get('row') as readonly number[];
  const counts = cells.get('count') as readonly number[];
  const highest = counts.reduce((most, count) => Math.max(most, count), 1);
  const startOf = (column: number): number => (map.startNs + column * map.columnNs) / 1e9;
  const lowest = rows.reduce((least, row) => Math.min(least, row), Infinity);
  const top = rows.reduce((most, row) => Math.max(most, row), 0);
  const countAt = new Map(columns.map((column, at) => [column * 1000 + rows[at]!, counts[at]!]));

  const legend = document.createElement('p');
  legend.className = 'legend';
  const drawCells = (chart: uPlot): void => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colour('heat');
    for (const [at, column] of columns.entries()) {
      const left = Math.round(chart.valToPos(startOf(column), 'x', true));
      const right = Math.round(chart.valToPos(startOf(column + 1), 'x', true));
      const bottom = Math.round(chart.valToPos(nsOf(rows[at]!), 'y', true));
      const upper = Math.round(chart.valToPos(nsOf(rows[at]! + 1), 'y', true));
      ctx.globalAlpha = faintest + (1 - faintest) * (Math.log1p(counts[at]!) / Math.log1p(highest));
      ctx.fillRect(left, upper, right - left, bottom - upper);
    }
    ctx.restore();
    drawMarks(chart, marks);
  };
  const tell = ({ cursor, posToVal, over }: uPlot): void => {
    const { left = -1, top: down = -1 } = cursor;
    legend.textContent = 'The stronger the colour, the more requests.';
    // The cursor of another chart tells no time of this one's rows.
    if (left < 0 || down < 0 || !over.matches(':hover')) return;
    const column = Math.floor((posToVal(left, 'x') * 1e9 - map.startNs) / map.columnNs);
    const row = Math.floor(Math.log2(Math.max(1, posToVal(down, 'y'))) * rowsADoubling);
    const count = countAt.get(column * 1000 + row) ?? 0;
    const times = `${formatDuration(nsOf(row))} to ${formatDuration(nsOf(row + 1))}`;
    legend.textContent = `${clock(startOf(column))}, ${times}: ${formatCount(count)}`;
  };
  const chart = new uPlot(
    {
      width,
      height,
      padding: [8, 12, 0, 0],
      scales: {
        x: { time: false, range: (_, min, max) => [min, max] },
        y: { distr: 3, range: () => uPlot.rangeLog(nsOf(lowest), nsOf(top + 1), 10, false) },
      },
      axes: [
        timeAxis(),
        {
          ...axis(),
          size: 64,
          values: (_, splits) => splits.map((ns) => (ns === null ? '' : formatDuration(ns))),
        },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      legend: { show: false },
      cursor: { y: false, sync: { key: 'seconds', scales: ['x', null] }, points: { show: false } },
      hooks: { draw: [drawCells], setCursor: [tell] },
    },
    [
      [startOf(0), startOf(map.columnCount)],
      [nsOf(lowest), nsOf(top)],
    ],
    place,
  );
  place.append(legend);
  return {
    resize: (to) => chart.setSize({ width: to, height }),
    destroy: () => {
      chart.destroy();
      legend.remove();
    },
  };
}

function nsOf(row: number): number {
  return 2 ** (row / rowsADoubling);
}
