import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareRuns } from '../../src/comparison/compare-runs.ts';
import { comparedRunOf, type ComparedRun } from '../../src/comparison/compared-run.ts';
import { renderComparisonPage } from '../../src/comparison/html/render-comparison-page.ts';
import { collectCharts } from '../../src/reporting/html/collect-charts.ts';
import type { ReportData } from '../../src/reporting/html/report-data.ts';
import { describeInChromium } from './chromium.ts';
import { sampleDetail, type SampleOptions } from './sample-detail.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The page of runs that differ in what is given. */
async function pageOf(...options: readonly SampleOptions[]): Promise<string> {
  const [runs, charts]: [ComparedRun[], ReportData[]] = [[], []];
  for (const each of options) {
    const detail = sampleDetail(each);
    runs.push(await comparedRunOf(detail, 'runs/a'));
    charts.push(await collectCharts(detail.summary, detail.intervals(), detail.events));
  }
  const path = join(folder, `${String(options.length)}-${options[0]!.intervals}.html`);
  writeFileSync(path, renderComparisonPage(compareRuns(runs), charts));
  return path;
}

const chartNames = ['response', 'service'].flatMap((clock) => [
  `${clock}:p50`,
  `${clock}:p99`,
  `spectrum:${clock}`,
]);

describeInChromium('the page of a comparison', (open) => {
  test('lays the curves of all runs over each other, and neither asks for anything nor complains', async () => {
    const { page, requests, problems } = await open(
      await pageOf({ intervals: 60 }, { intervals: 40 }, { intervals: 50 }),
    );
    const figures = await page.$$('figure[data-chart]');
    const drawn: (string | null)[] = [];
    for (const figure of figures) {
      await figure.scrollIntoView();
      await page.waitForFunction((each) => each.querySelector('canvas') !== null, {}, figure);
      drawn.push(await figure.evaluate((each) => each.getAttribute('data-chart')));
      const labels = await figure.$$eval('.u-series .u-label', (each) =>
        each.map(({ textContent }) => textContent),
      );
      expect(labels.slice(1)).toEqual(['A', 'B', 'C']);
    }
    expect(drawn).toEqual(['throughput', ...chartNames]);
    expect([requests, problems]).toEqual([[], []]);
  });

  test('a name is inert', async () => {
    const name = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { page, requests, problems } = await open(
      await pageOf({ intervals: 20, name }, { intervals: 21, name, script: `${name}\n` }),
    );
    expect(await page.$eval('section.load h2', ({ textContent }) => textContent)).toContain(name);
    expect([requests, problems]).toEqual([[], []]);
  });

  test('is no wider than a phone', async () => {
    const file = await pageOf({ intervals: 22 }, { intervals: 23, script: 'SET a [1]\n' });
    const { page } = await open(file, { width: 390 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test('filters statements', async () => {
    const { page } = await open(await pageOf({ intervals: 24, others: 2 }, { intervals: 25, others: 2 }));
    await page.type('#filter', 'statement 2');
    expect(await page.$$eval('section.load', (each) => each.filter(({ hidden }) => !hidden).length)).toBe(1);
  });
});
