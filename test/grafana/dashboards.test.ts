import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grafanaFiles } from '../../scripts/generate-dashboards.ts';
import { dashboards } from '../../src/grafana/dashboards.ts';
import { Select } from '../../src/grafana/influxql.ts';
import { dashboardUids, dataSourceUid } from '../../src/grafana/uids.ts';
import { commonClock } from '../../src/reporting/influx/common-clock.ts';
import { reportingSchema } from '../../src/reporting/influx/schema.ts';
import { stressql } from '../cli/stressql.ts';
import { describeWithInflux, type InfluxSeries } from '../servers/influx.ts';
import { allValues, fillIn, valuesOf, variablesIn, type Filling, type VariableValue } from './fill-in.ts';

const folder = join(import.meta.dirname, '../../grafana');
const made = Object.entries(dashboards).map(([name, make]) => [name, make()] as const);

interface Query {
  readonly query: string;
  readonly alias?: string;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly datasource?: { readonly uid?: string };
  readonly targets?: readonly (Query & {
    readonly refId: string;
    readonly datasource?: { readonly uid?: string };
  })[];
}

function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []) as unknown as readonly Panel[];
}

function annotationsOf(dashboard: Dashboard) {
  return (dashboard.annotations.list ?? []).map(({ name, target }) => ({
    name,
    target: target as unknown as Query & Readonly<Record<string, unknown>>,
  }));
}

function variablesOf(dashboard: Dashboard): readonly VariableModel[] {
  return dashboard.templating.list ?? [];
}

/** Every query of a dashboard, by what it is. */
function queriesOf(dashboard: Dashboard): readonly (readonly [what: string, query: string])[] {
  return [
    ...panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
      targets.map(({ refId, query }) => [`${title}, ${refId}`, query] as const),
    ),
    ...annotationsOf(dashboard).map(({ name, target }) => [name, target.query] as const),
    ...variablesOf(dashboard).flatMap(({ name, type, query }) =>
      type === 'query' ? [[`$${name}`, query as string] as const] : [],
    ),
  ];
}

test('grafana/ is what src/grafana makes', () => {
  const files = grafanaFiles();
  // `npm run docs` makes it so.
  for (const [path, text] of files) expect(readFileSync(path, 'utf8')).toBe(text);
  const there = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  expect(there.map((each) => join(each.parentPath, each.name)).toSorted()).toEqual(
    [...files.keys()].toSorted(),
  );
});

test('no two dashboards have the same identity or title, and it is the one that links hold', () => {
  const uids = made.map(([name, { uid }]) => [name, uid]);
  expect(Object.fromEntries(uids)).toEqual(dashboardUids);
  expect(new Set(made.map(([, { title }]) => title)).size).toBe(made.length);
});

test('a query that names what the reporter does not write does not compile', () => {
  const select = new Select('interval');
  // @ts-expect-error -- there is no such field
  select.of('max', 'service_p98_ns', 'p98');
  // @ts-expect-error -- there is no such tag
  select.where('host', '$host');
  // @ts-expect-error -- a field of another measurement
  select.show('event_text');
  expect(select.text).toContain('service_p98_ns');
});

describe.each(made)('%s', (_, dashboard) => {
  test('is a document that Grafana 10 reads', () => {
    expect(dashboard).toMatchObject({ schemaVersion: 38, tags: ['stressql'], editable: true });
    const data = panelsOf(dashboard).filter(({ type }) => type !== 'row');
    const ids = panelsOf(dashboard).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const panel of data) {
      expect(panel.datasource?.uid).toBe(dataSourceUid);
      expect(panel.description).not.toBe('');
      const references = panel.targets!.map(({ refId }) => refId);
      expect(new Set(references).size).toBe(references.length);
      for (const target of panel.targets!) {
        expect(target).toMatchObject({
          rawQuery: true,
          datasource: { type: 'influxdb', uid: dataSourceUid },
        });
      }
    }
    for (const { target } of annotationsOf(dashboard)) {
      expect(target).toMatchObject({
        rawQuery: true,
        fromAnnotations: true,
        textColumn: 'event_text',
        tagsColumn: 'event_tags',
        timeEndColumn: 'event.time_end',
      });
    }
  });

  test('has every variable that it names, and names every one that it has', () => {
    const defined = variablesOf(dashboard).map(({ name }) => name);
    const grafanas = /^(?:timeFilter|__interval|__data|__all|col|tag_\w+|\d)$/;
    const named = variablesIn(JSON.stringify(dashboard)).filter((name) => !grafanas.test(name));
    expect([...new Set(named)].toSorted()).toEqual(defined.toSorted());
  });

  test('a percentile says of what it is', () => {
    for (const { title } of panelsOf(dashboard).filter((panel) => /\bp\d\d|percentile/.test(panel.title))) {
      expect(title).toMatch(/max of interval|of the (whole )?(run|statement)/);
    }
  });

  test.each(queriesOf(dashboard))('%s asks for what the schema has', (_what, query) => {
    const percentiles = variablesOf(dashboard).find(({ name }) => name === 'percentile')?.options ?? [];
    const texts = query.includes('${percentile}')
      ? percentiles.map(({ value }) => query.replaceAll('${percentile}', value as string))
      : [query];
    for (const text of texts) {
      const own = new Set([...text.matchAll(/ AS "([^"]+)"/g)].map(([, name]) => name!));
      const measurements = [...text.matchAll(/FROM (?:"(\w+)"\.)?"(\w+)"/g)];
      expect(measurements.length).toBeGreaterThan(0);
      const known = new Set<string>([commonClock.retentionPolicy]);
      for (const [, policy, name] of measurements) {
        expect(policy).toBeOneOf([undefined, commonClock.retentionPolicy]);
        const { tags, fields } = reportingSchema[name as keyof typeof reportingSchema];
        for (const each of [name!, ...Object.keys(tags), ...Object.keys(fields)]) known.add(each);
      }
      const names = [...text.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
      expect(names.filter((name) => !known.has(name) && !own.has(name))).toEqual([]);
      for (const [, beginning] of text.matchAll(/sum\(\/\^(\w+)\/\)/g)) {
        expect([...known].filter((name) => name.startsWith(beginning!)).length).toBeGreaterThan(1);
      }
    }
  });
});

const profile = (database: string, target: string, address: string): string => `
SET TestName [dashboards]

SET Target [influx]

SET Addresses [${address}]

SET Database [${target}]

SET ReportDatabase [${database}]

SET ReportInterval [100ms]

SET BatchSize [10]

EXEC /bin/echo ready

GO INSERT cpu
cpu,host=h-[int inc(0) 10]
value=[float rand(100)]
AT 500/s FOR 500ms, 1000/s FOR 500ms
TAG phase=load

QUERY ask
SELECT count(value) FROM cpu
DO 20

QUERY wrong.*
SELECT derivative(value) FROM cpu GROUP BY time(1s)
DO 5

WAIT
`;

describeWithInflux('on what two runs have written', (influx) => {
  const testIds = ['grafana_1', 'grafana-2'];
  let database = '';
  let out = '';
  let [fromMs, toMs] = [Infinity, 0];

  beforeAll(async () => {
    database = await influx.createDatabase();
    const target = await influx.createDatabase();
    out = await mkdtemp(join(tmpdir(), 'stressql-grafana-'));
    for (const testId of testIds) {
      const words = ['run', '-', '--quiet', '--allow-exec', '--out', out, '--test-id', testId];
      const startedMs = Date.now();
      const ran = await stressql([...words, '--report', influx.address], {
        input: profile(database, target, influx.address),
      });
      // A busy machine makes a late client; requests that fail make no exit code.
      expect([0, 5], ran.stderr).toContain(ran.code);
      [fromMs, toMs] = [Math.min(fromMs, startedMs), Math.max(toMs, Date.now())];
    }
  }, 120_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  /** The values that Grafana would list for a variable. */
  async function answersOf(variable: VariableModel, filling: Filling): Promise<readonly string[]> {
    if (variable.type !== 'query') return (variable.options ?? []).map(({ value }) => value as string);
    const rows = await influx.query(fillIn(variable.query as string, filling), database);
    return valuesOf([...new Set(rows.map(([, value]) => String(value)))], variable.regex);
  }

  /** The time that a dashboard shows: the runs' own, or the one that runs are laid over each other in. */
  function timeOf({ time }: Dashboard): { readonly fromMs: number; readonly toMs: number } {
    if (time!.from.startsWith('now')) return { fromMs, toMs };
    return { fromMs: Date.parse(time!.from), toMs: Date.parse(time!.to) };
  }

  describe.each(made)('%s', (_, dashboard) => {
    /**
     * What a reader may choose: of every variable one value, or of those that take several all of them, one by one or
     * as one; of the others every value in turn.
     */
    async function fillings(of: 'one' | 'several' | 'all'): Promise<readonly Filling[]> {
      let chosen: readonly Filling[] = [{ variables: {}, ...timeOf(dashboard), interval: '1s' }];
      for (const variable of variablesOf(dashboard)) {
        const { name, type, multi = false, includeAll = false } = variable;
        const further: Filling[] = [];
        for (const filling of chosen) {
          const values = await answersOf(variable, filling);
          expect(values.length, `$${name}`).toBeGreaterThan(0);
          const choices: readonly VariableValue[] =
            type !== 'query'
              ? values.slice(0, 1)
              : of === 'one' || !multi
                ? values.map((value) => (multi ? [value] : value))
                : [of === 'all' && includeAll ? allValues : values];
          for (const choice of choices) {
            further.push({ ...filling, variables: { ...filling.variables, [name]: choice } });
          }
        }
        chosen = further;
      }
      return chosen;
    }

    test('the newest run is the first of its list', async () => {
      const { variables } = (await fillings('several'))[0]!;
      const names = Object.keys(variables).filter((each) => /^(?:run|baseline)$/.test(each));
      for (const name of names) expect(variables[name]).toBe(testIds.at(-1));
    });

    const annotations = annotationsOf(dashboard);
    const annotated = annotations.length === 0 ? [] : [annotations];
    test.each(annotated.map((each) => [each]))(
      'what an annotation names is a column, whether the browser or the server of Grafana reads the answer',
      async (list) => {
        const [filling] = await fillings('all');
        for (const { name, target } of list) {
          const [{ columns, values }] = (await influx.series(fillIn(target.query, filling!), database)) as [
            InfluxSeries,
          ];
          // The server puts the measurement before a name, and leaves out rows with a null.
          for (const names of [columns, ['time', ...columns.slice(1).map((each) => `event.${each}`)]]) {
            const { timeEndColumn, textColumn, tagsColumn } = target;
            expect(
              names.filter((each) => each === timeEndColumn),
              name,
            ).toHaveLength(1);
            expect(names.filter((each) => each.endsWith(String(textColumn)))).toHaveLength(1);
            expect(names.filter((each) => each.endsWith(String(tagsColumn)))).toHaveLength(1);
          }
          for (const row of values!) {
            expect(row).not.toContain(null);
            expect(row.at(-1)).toSatisfy(Number.isInteger);
            expect(row.at(-1)).toBeGreaterThanOrEqual(Math.floor(Number(row[0]) / 1e6));
          }
        }
      },
    );

    test.each(['one', 'several', 'all'] as const)(
      'every query answers with rows, with %s of the values of a variable',
      async (of) => {
        const asked = await fillings(of);
        const empty: string[] = [];
        for (const [what, query] of queriesOf(dashboard)) {
          let rows = 0;
          for (const filling of asked) {
            const answer = await influx.query(fillIn(query, filling), database);
            rows += answer.filter((row) => row.slice(1).some((value) => value !== null)).length;
          }
          if (rows === 0) empty.push(what);
        }
        expect(empty).toEqual([]);
      },
    );
  });
});
