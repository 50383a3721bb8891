import type { LineChart } from '../../../reporting/html/browser/line-chart.ts';
import type { StatementCharts } from '../../../reporting/html/report-data.ts';
import { ninesOf } from '../../../reporting/html/spectrum.ts';
import { unpackColumns } from '../../../reporting/html/unpack-columns.ts';
import { rangeOfBucket } from '../../../stress-client/buckets.ts';
import { formatDuration, formatPerSecond } from '../../../stress-client/units.ts';
import type { ComparedCharts } from '../comparison-data.ts';

/** Colours of page.css, which repeat: the sixth run is dashed. */
const colours = 5;

/** A curve of one run: values by where they stand. */
type Curve = ReadonlyMap<number, number | null>;

/** One chart with a line a run: `throughput`, `response:p99` and the like over time, `spectrum:response` to the nines. */
export function overlay(name: string, { runs }: ComparedCharts): LineChart {
  const isSpectrum = name.startsWith('spectrum:');
  const curves = runs.map(({ label, charts }) => ({
    label: `${label}${name === 'throughput' ? '' : charts.mark}`,
    curve: isSpectrum ? spectrumCurve(name.slice('spectrum:'.length), charts) : timeCurve(name, charts),
  }));
  const x = [...new Set(curves.flatMap(({ curve }) => [...curve.keys()]))].toSorted((a, b) => a - b);
  return {
    x,
    ...(!isSpectrum && { from: 0 }),
    along: isSpectrum ? 'nines' : 'seconds',
    logarithmic: name !== 'throughput',
    format: name === 'throughput' ? formatPerSecond : formatDuration,
    lines: curves.map(({ label, curve }, at) => ({
      label,
      colour: `series-${(at % colours) + 1}`,
      dashed: at >= colours,
      // Undefined is no gap in a line: the point belongs to another one.
      values: x.map((value) => (curve.has(value) ? curve.get(value)! : (undefined as unknown as null))),
    })),
  };
}

/** Seconds since the statement's first interval began, so that runs lie over each other. */
function timeCurve(name: string, { series, startNs }: StatementCharts): Curve {
  const columns = unpackColumns(series);
  const values = columns.get(name === 'throughput' ? 'achieved' : name);
  if (values === undefined) return new Map();
  const ends = columns.get('endUs')!;
  return new Map(
    values.map((value, at) => [
      ends[at]! / 1e6 - startNs / 1e9,
      value === null ? null : name === 'throughput' ? value * 1e-3 : upperEnd(value),
    ]),
  );
}

function upperEnd(bucket: number): number {
  const { lowestNs, width } = rangeOfBucket(bucket);
  return lowestNs + width - 1;
}

function spectrumCurve(time: string, { spectra }: StatementCharts): Curve {
  const spectrum = spectra.find((each) => each.time === time);
  if (spectrum === undefined) return new Map();
  const { valuesNs, count } = spectrum;
  return new Map(ninesOf(valuesNs.length, count).map((nines, at) => [nines, valuesNs[at]!]));
}
