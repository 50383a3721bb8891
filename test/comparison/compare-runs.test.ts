import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/comparison/compare-runs.ts';
import { comparedRunOf, type ComparedRun } from '../../src/comparison/compared-run.ts';
import type { Comparison, FigureComparison } from '../../src/comparison/comparison.ts';
import { renderMarkdownComparison } from '../../src/comparison/markdown-comparison.ts';
import { renderTextComparison } from '../../src/comparison/text-comparison.ts';
import { sampleDetail, type SampleOptions } from '../browser/sample-detail.ts';
import { Random } from './random.ts';
import { simulatedRun, type SimulatedLoad } from './simulated-run.ts';

async function sample(options: Partial<SampleOptions> = {}): Promise<ComparedRun> {
  return comparedRunOf(sampleDetail({ intervals: 30, ...options }), 'runs/a');
}

function figure(comparison: Comparison, metric: string, clock?: string): FigureComparison {
  const { figures } = comparison.comparisons[0]!.statements[0]!;
  return figures.find((each) => each.metric === metric && each.clock === clock)!;
}

function text(comparison: Comparison): string {
  return renderTextComparison(comparison, { color: false, width: 100 });
}

describe('a run against itself', () => {
  test('has the figures of its report, without a difference in any', async () => {
    const run = await sample();
    const comparison = compareRuns([run, run]);
    const { load } = run.loads[0]!;
    const { figures } = comparison.comparisons[0]!.statements[0]!;
    expect(figures.filter(({ change }) => change !== 0)).toEqual([]);
    expect(figures.filter(({ verdict }) => verdict === 'better' || verdict === 'worse')).toEqual([]);
    expect(figure(comparison, 'throughput').baseline!.value).toBe(load.throughput.itemsPerSecond);
    expect(figure(comparison, 'p99', 'response').baseline!.value).toBe(
      load.times.response!.percentilesNs.p99,
    );
    expect(figure(comparison, 'p99.9', 'service').candidate!.value).toBe(
      load.times.service!.percentilesNs['p99.9'],
    );
    expect(figure(comparison, 'mean', 'service').baseline!.value).toBe(load.times.service!.meanNs);
    expect(comparison.comparisons[0]!.differences).toEqual({ facts: [], settings: [], parameters: [] });
    expect(comparison.comparisons[0]!.unmatched).toEqual([]);
  });

  test('says so in text', async () => {
    const run = await sample();
    expect(text(compareRuns([run, run]))).toContain('no figure can be told apart');
  });
});

describe('two runs', () => {
  const load: SimulatedLoad = {
    intervals: 60,
    operations: 120,
    deviation: 0.02,
    correlation: 0.3,
    slowdown: 1,
  };

  test('the other way round differ the other way round', async () => {
    const random = new Random(12);
    const runs = [await simulatedRun(load, random), await simulatedRun({ ...load, slowdown: 1.3 }, random)];
    const there = compareRuns(runs).comparisons[0]!.statements[0]!.figures;
    const back = compareRuns(runs.toReversed()).comparisons[0]!.statements[0]!.figures;
    const opposite: Readonly<Record<string, string>> = { better: 'worse', worse: 'better' };
    expect(there.map(({ verdict }) => verdict)).toContain('worse');
    for (const [at, one] of there.entries()) {
      const other = back[at]!;
      expect(other.verdict).toBe(opposite[one.verdict] ?? one.verdict);
      if (one.unit === 'share' || one.interval === undefined) continue;
      expect((1 + one.change!) * (1 + other.change!)).toBeCloseTo(1, 9);
      if (one.interval.low === null || one.interval.high === null) continue;
      expect((1 + one.interval.low) * (1 + other.interval!.high!)).toBeCloseTo(1, 6);
      expect(one.interval.low).toBeLessThanOrEqual(one.change!);
      expect(one.interval.high).toBeGreaterThanOrEqual(one.change!);
    }
  });

  test('that are too alike for their length say how much longer would tell', async () => {
    const random = new Random(14);
    const noisy = { ...load, deviation: 0.1 };
    const runs = [
      await simulatedRun(noisy, random),
      await simulatedRun({ ...noisy, slowdown: 1.03 }, random),
    ];
    const longer = compareRuns(runs).comparisons[0]!.statements[0]!.figures.filter(
      (each) => each.longer !== undefined,
    );
    expect(longer.length).toBeGreaterThan(0);
    for (const each of longer) {
      expect(each.verdict).toBe('undecided');
      expect(each.longer).toBeGreaterThan(1);
    }
    expect(text(compareRuns(runs))).toMatch(/can’t be told apart; \S+( \d+s)?( m?s)? would tell/);
  });

  test('of a few intervals are compared, and not judged', async () => {
    const run = await sample({ intervals: 9 });
    const comparison = compareRuns([run, await sample({ intervals: 8 })]);
    expect(figure(comparison, 'p99', 'response')).toMatchObject({
      verdict: 'unjudged',
      reason: '8 intervals; at least 10 tell how figures vary',
    });
    expect(figure(comparison, 'p99', 'response').interval).toBeUndefined();
  });

  test('of one interval say so', async () => {
    const comparison = compareRuns([await sample({ intervals: 1 }), await sample({ intervals: 1 })]);
    expect(figure(comparison, 'p99', 'response').reason).toBe(
      '1 interval; at least 10 tell how figures vary',
    );
    expect(text(comparison)).toContain('ran 1.00 s, 1 interval\n');
  });

  test('of which one has nothing acknowledged have lost all throughput', async () => {
    const [working, other] = [await sample(), await sample()];
    const broken: ComparedRun = {
      ...other,
      loads: other.loads.map((each) => ({
        ...each,
        load: { ...each.load, throughput: { itemsPerSecond: 0, operationsPerSecond: 0 } },
      })),
    };
    expect(figure(compareRuns([working, broken]), 'throughput')).toMatchObject({
      change: -1,
      verdict: 'unjudged',
      reason: 'a ratio to nothing has no interval',
    });
    const back = figure(compareRuns([broken, working]), 'throughput');
    expect(back.change).toBeUndefined();
    expect(back.reason).toBe('nothing to divide by');
  });

  test('that were asked for other rates are not judged by them', async () => {
    const run = await sample();
    const asking = (offered: number): ComparedRun => ({
      ...run,
      loads: run.loads.map((each) => ({
        ...each,
        load: { ...each.load, stages: [{ text: 'as asked', offered, achieved: offered }] },
      })),
    });
    expect(figure(compareRuns([asking(5000), asking(8000)]), 'throughput')).toMatchObject({
      verdict: 'unjudged',
      reason: 'what was asked differs: 5,000 and 8,000 a second',
    });
    expect(figure(compareRuns([asking(5000), asking(5001)]), 'throughput').reason).toBeUndefined();
  });

  test('name the MIX that a statement was a member of', async () => {
    const run = await sample();
    const mixed: ComparedRun = {
      ...run,
      loads: run.loads.map((each) => ({ ...each, load: { ...each.load, mix: 'mixed' } })),
    };
    expect(text(compareRuns([mixed, mixed]))).toContain('in MIX mixed, open model');
    expect(text(compareRuns([run, mixed]))).toContain('in no MIX → in MIX mixed, open model');
    expect(text(compareRuns([run, run]))).not.toContain('MIX');
  });

  test('whose scripts end alike do not differ in a line after their ends', async () => {
    const script = async (last: string): Promise<ComparedRun> => sample({ script: `GO\nx\n${last}\n` });
    const { differences } = compareRuns([await script('y'), await script('z')]).comparisons[0]!;
    expect(differences.script!.lines.map(({ sign, text: line }) => `${sign} ${line}`)).toEqual([
      '  GO',
      '  x',
      '- y',
      '+ z',
    ]);
  });

  test('that differ in settings, machine and script say so before their figures', async () => {
    const [baseline, other] = [
      await sample({ script: 'SET A [1]\nGO\nx\ny\nz\n' }),
      await sample({ script: 'SET A [2]\nGO\nx\ny\nz\n' }),
    ];
    const candidate: ComparedRun = {
      ...other,
      settings: { ...other.settings, BatchSize: '17' },
      parameters: { HOSTS: '5' },
      summary: { ...other.summary, version: '9.9.9', seed: 4711 },
    };
    const comparison = compareRuns([baseline, candidate]);
    expect(comparison.comparisons[0]!.differences).toEqual({
      facts: [
        { name: 'version', baseline: '0.1.0', candidate: '9.9.9' },
        { name: 'seed', baseline: '42', candidate: '4711' },
      ],
      settings: [{ name: 'BatchSize', baseline: '5000', candidate: '17' }],
      parameters: [{ name: 'HOSTS', candidate: '5' }],
      script: {
        removed: 1,
        added: 1,
        lines: [
          { sign: '-', text: 'SET A [1]' },
          { sign: '+', text: 'SET A [2]' },
          { sign: ' ', text: 'GO' },
          { sign: ' ', text: 'x' },
          { sign: '…', text: '' },
        ],
      },
    });
    const shown = text(comparison);
    expect(shown.indexOf('BatchSize')).toBeGreaterThan(0);
    expect(shown.indexOf('BatchSize')).toBeLessThan(shown.indexOf('INSERT cpu'));
    expect(shown).toContain('Script: 1 line removed, 1 line added');
  });

  test.each([
    ['of databases differ in their addresses', false, ['InfluxDB 1.8 at a:1', 'InfluxDB 1.8 at a:2']],
    ['that rehearse do not differ in the practice server’s port', true, []],
  ])('%s', async (_, rehearsal, servers) => {
    const on = async (address: string): Promise<ComparedRun> =>
      sample({ run: { rehearsal, servers: [{ address, product: 'InfluxDB 1.8', version: '1.8' }] } });
    const { facts } = compareRuns([await on('a:1'), await on('a:2')]).comparisons[0]!.differences;
    expect(facts.flatMap(({ baseline, candidate }) => [baseline, candidate])).toEqual(servers);
  });

  test('say which statements have no counterpart', async () => {
    const comparison = compareRuns([await sample({ others: 1 }), await sample({ name: 'mem', others: 1 })]);
    const { unmatched, statements } = comparison.comparisons[0]!;
    expect(statements.map(({ name }) => name)).toEqual(['statement 1']);
    expect(unmatched.map(({ name, label }) => `${label} ${name}`)).toEqual(['A cpu', 'B mem']);
    expect(text(comparison)).toContain(
      'INSERT cpu, statement 20 of A: B has no such statement that began to send',
    );
  });

  test('one of which is invalid mark its times, and a rehearsal marks none', async () => {
    const marks = [{ state: 'INVALID_CLIENT', reason: 'lateness p99 12 ms' }] as const;
    const valid = await sample();
    const comparison = compareRuns([valid, await sample({ marks })]);
    expect(figure(comparison, 'p99', 'response')).toMatchObject({
      baseline: { marked: false },
      candidate: { marked: true },
    });
    expect(figure(comparison, 'throughput').candidate!.marked).toBe(false);
    expect(text(comparison)).toMatch(/response p99 +[\d.]+ m?s +[\d.]+ m?s! /);
    const rehearsed = compareRuns([valid, await sample({ marks, run: { rehearsal: true } })]);
    expect(figure(rehearsed, 'p99', 'response').candidate!.marked).toBe(false);
  });

  test('each of several is compared with the first', async () => {
    const run = await sample();
    const { comparisons, runs } = compareRuns([run, run, run]);
    expect(runs.map(({ label }) => label)).toEqual(['A', 'B', 'C']);
    expect(comparisons.map(({ label }) => label)).toEqual(['B', 'C']);
  });
});

describe('in Markdown', () => {
  test('names and scripts are no markup, and a fence in a script ends nothing', async () => {
    const name = '</details>|<img src=x onerror=alert(1)> @team `x`';
    const markdown = renderMarkdownComparison(
      compareRuns([await sample({ name, script: '```\n# a' }), await sample({ name, script: '```\n# b' })]),
    );
    expect(markdown).not.toContain('<img');
    expect(markdown).not.toContain('@team');
    expect(markdown.match(/<details>/g)!.length).toBe(markdown.match(/<\/details>/g)!.length);
    expect(markdown).toMatch(/\n````diff\n[^]*\n````\n/);
  });

  test('every row of a table has as many cells as its head', async () => {
    const run = await sample({ name: 'a|b' });
    const tables = renderMarkdownComparison(compareRuns([run, run]))
      .split('\n\n')
      .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
      .filter((lines) => lines.length > 0);
    expect(tables.length).toBeGreaterThan(1);
    for (const lines of tables) {
      expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
    }
  });
});

test('the same comparison is the same in JSON and back', async () => {
  const comparison = compareRuns([await sample(), await sample({ intervals: 31 })]);
  expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
});
