import type { CqlMarker } from '../../src/stress-client/cql-plan.ts';
import { loadStepsOf } from '../../src/statement/analyse.ts';
import { loadProfile } from '../../src/cli/load-profile.ts';

/*
 * Makes the rows of a profile's last INSERT, of blobs alone, and sends them nowhere: what a row costs without a network.
 *
 *   node bench/processes/rows.ts ROWS SECONDS PROFILE NAME=VALUE …
 */

const [rowsText, secondsText, path, ...given] = process.argv.slice(2) as [
  string,
  string,
  string,
  ...string[],
];
const rowsAtMost = Number(rowsText);
const lastsMs = Number(secondsText) * 1000;

const profile = loadProfile([path], {
  parameters: new Map(given.map((each) => each.split('=') as [string, string])),
  seed: undefined,
  startMs: 0,
  compatibility: undefined,
  environment: {},
});
const { cql } = loadStepsOf(profile.analysis.steps).at(-1)!.plan;
const texts = cql!.texts([]);
if ('problem' in texts) throw new Error(texts.problem);
const marker: CqlMarker = { name: 'blob', type: { kind: 'native', name: 'blob' } };
const prepared = texts.map((text) => ({
  markers: text
    .split('?')
    .slice(1)
    .map(() => marker),
}));
const values = cql!.bind(prepared, []);
if ('problem' in values) throw new Error(values.problem);

const staging = Buffer.alloc(values.itemBytesAtMost);
const startsMs = performance.now();
let rows = 0;
while (rows < rowsAtMost && performance.now() - startsMs < lastsMs) {
  const end = Math.min(rowsAtMost, rows + 1000);
  for (; rows < end; rows++) values.write(rows, -1, 0, staging, 0);
}
const seconds = (performance.now() - startsMs) / 1000;
process.stdout.write(JSON.stringify({ acknowledged: rows, perSecond: rows / seconds }));
