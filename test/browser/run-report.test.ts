import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectCharts } from '../../src/reporting/html/collect-charts.ts';
import { renderRunReport, runReportPage } from '../../src/reporting/html/run-report.ts';
import { loadsOf } from '../../src/reporting/loads-of.ts';
import { describeInChromium } from './chromium.ts';
import { sampleDetail } from './sample-detail.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stressql-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Scrolls each chart into view and waits until it is drawn; tells which of them are blank. */
async function drawAll(
  page: Page,
): Promise<{ readonly drawn: readonly string[]; readonly blank: readonly string[] }> {
  const figures = await page.$$('figure[data-chart]');
  const [drawn, blank]: [string[], string[]] = [[], []];
  for (const figure of figures) {
    await figure.scrollIntoView();
    await page.waitForFunction((each) => each.querySelector('canvas') !== null, {}, figure);
    // uPlot draws in the next microtask, a frame is later.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const [name, colours] = await figure.evaluate((each) => {
      const canvas = each.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const found = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        // Text and grid are grey: what is not was drawn from figures.
        const [red, green, blue, alpha] = data.subarray(at, at + 4);
        if (alpha! > 100 && Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!) > 60) found.add(at);
      }
      return [each.getAttribute('data-chart')!, found.size] as const;
    });
    drawn.push(name);
    if (colours < 100) blank.push(name);
  }
  return { drawn, blank };
}

const chartNames = [
  'throughput',
  'response',
  'service',
  'waits',
  'spectrum',
  'heat',
  'errors',
  'volume',
  'inFlight',
];

describeInChromium('the HTML report of a run', (open) => {
  test('draws every chart, and neither asks for anything nor complains', async () => {
    const file = write('charts.html', await renderRunReport(sampleDetail({ intervals: 60 })));
    const { page, requests, problems } = await open(file);
    const { drawn, blank } = await drawAll(page);
    expect(drawn).toEqual(chartNames);
    expect(blank).toEqual([]);
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('its policy admits nothing from elsewhere', async () => {
    const file = write('policy.html', await renderRunReport(sampleDetail({ intervals: 3 })));
    const { page } = await open(file);
    const outcome = await page.evaluate(async () => {
      const image = new Image();
      const loaded = new Promise((resolve) => {
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('refused');
      });
      image.src = 'http://127.0.0.1:9/x.png';
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      const sent = await fetch('http://127.0.0.1:9/').then(
        () => 'sent',
        () => 'refused',
      );
      return { image: await loaded, sent, injected: 'injected' in window };
    });
    expect(outcome).toEqual({ image: 'refused', sent: 'refused', injected: false });
  });

  test('shows what would end an element or an attribute as the text that it is', async () => {
    const hostile = [
      '</script><script>alert(1)</script>',
      '<!-- <script>',
      '"><img src=x onerror=alert(1)>',
      '</title></style><svg onload=alert(1)>',
      "' onmouseover='alert(1)",
    ].join(' ');
    const detail = sampleDetail({
      intervals: 5,
      name: hostile,
      run: { testName: hostile, warnings: [hostile] },
      script: `INSERT ${hostile}\n`,
      events: [{ kind: 'exec', startNs: 1e9, endNs: 2e9, text: hostile }],
      marks: [{ state: 'INVALID_CLIENT', reason: hostile }],
    });
    const { page, requests, problems } = await open(write('hostile.html', await renderRunReport(detail)));
    const { blank } = await drawAll(page);
    expect(blank).toEqual([]);
    const [heading, title, elements] = await page.evaluate(() => [
      document.querySelector('section.load h2')!.textContent,
      document.title,
      [document.scripts.length, document.images.length, document.querySelectorAll('svg').length],
    ]);
    expect(heading).toContain(hostile);
    expect(title).toContain(hostile);
    // The data and the script of the page itself.
    expect(elements).toEqual([2, 0, 0]);
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('says the command line as a shell takes it again', async () => {
    const detail = sampleDetail({ intervals: 2 });
    const record = {
      ...detail.record,
      arguments: ['run', "it's my.sql", '--expect', 'p99 < 1ms', '-p', 'A=1'],
    };
    const { page } = await open(write('command.html', await renderRunReport({ ...detail, record })));
    const words = await page.$$eval('#environment dd', (cells) =>
      cells.map((cell) => cell.textContent.trim()),
    );
    expect(words).toContain(String.raw`stressql run 'it'\''s my.sql' --expect 'p99 < 1ms' -p A=1`);
  });

  test('says the figures of the summary', async () => {
    const detail = sampleDetail({ intervals: 20 });
    const { page } = await open(write('figures.html', await renderRunReport(detail)));
    const { load } = loadsOf(detail.summary)[0]!;
    const tables = await page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll('table[data-table]')].map((table) => [
          table.getAttribute('data-table')!,
          [...table.querySelectorAll('tbody tr')].map((row) => [
            row.querySelector('th')!.textContent.trim(),
            ...[...row.querySelectorAll('data')].map((data) => Number(data.getAttribute('value'))),
          ]),
        ]),
      ),
    );
    const { response, service, lateness, slotWait, failed } = load.times;
    const figures = (time: typeof response) => {
      const { p50, p90, p95, p99, 'p99.9': p999 } = time!.percentilesNs;
      return [time!.meanNs, p50, p90, p95, p99, p999, time!.maxNs];
    };
    expect(tables['times']).toEqual([
      ['Response time', ...figures(response)],
      ['Service time', ...figures(service)],
      ['Lateness', ...figures(lateness)],
      ['Slot wait', ...figures(slotWait)],
      ['Failed requests', ...figures(failed)],
    ]);
    const countsOf = ({ asked, sent, acknowledged, failed: lost, unknown, unsent }: typeof load.items) => [
      asked,
      sent,
      acknowledged,
      lost,
      unknown,
      unsent,
    ];
    expect(tables['counts']).toEqual([
      ['Requests', ...countsOf(load.operations)],
      ['Points', ...countsOf(load.items)],
    ]);
    expect(tables['errors']).toEqual([['overload', load.errors[0]!.count]]);
    expect(tables['throughput']).toEqual([
      [
        'Acknowledged',
        load.throughput.itemsPerSecond,
        load.throughput.operationsPerSecond,
        load.retries,
        load.requestBytes,
        load.responseBytes,
      ],
    ]);
  });

  test('every time of an invalid statement carries its mark, in tables, captions and legends', async () => {
    const marks = [{ state: 'INVALID_CLIENT' as const, reason: 'the client was late' }];
    const detail = sampleDetail({
      intervals: 20,
      marks,
      run: { states: [{ state: 'INVALID_CLIENT', reason: 'the client was late' }] },
    });
    const { page } = await open(write('invalid.html', await renderRunReport(detail)));
    await drawAll(page);
    const times = await page.$$eval('table[data-table=times] data, #statements td', (cells) =>
      cells.map((cell) => cell.textContent.trim()).filter((text) => /\d (ns|µs|ms|s)\b/.test(text)),
    );
    expect(times.length).toBeGreaterThan(30);
    expect(times.filter((text) => !text.endsWith('!'))).toEqual([]);
    expect(await page.$eval('.state', (state) => state.textContent)).toBe('INVALID_CLIENT');
    expect(await page.$eval('[data-chart=response] figcaption', (caption) => caption.textContent)).toBe(
      'Response time!',
    );
    const plot = (await page.$('[data-chart=response] .u-over'))!;
    await plot.scrollIntoView();
    await plot.hover();
    const values = await page.$$eval('[data-chart=response] .u-value', (cells) =>
      cells.map((cell) => cell.textContent),
    );
    expect(values.slice(1).filter((text) => text.endsWith('!'))).toHaveLength(5);
  });

  test('the cursors of all charts over time stand at the same time', async () => {
    const { page } = await open(
      write('cursors.html', await renderRunReport(sampleDetail({ intervals: 60 }))),
    );
    const plot = (await page.$('[data-chart=throughput] .u-over'))!;
    await plot.scrollIntoView();
    await page.waitForSelector('[data-chart=response] .u-over');
    await plot.hover();
    const at = await page.$$eval(
      '[data-chart=throughput] .u-value, [data-chart=response] .u-value',
      (cells) => cells.map((cell) => cell.textContent).filter((text) => /^\d+:\d\d/.test(text)),
    );
    expect(at).toHaveLength(2);
    expect(at[0]).toBe(at[1]);
  });

  test('is dark where the system is, and as the switch says', async () => {
    const file = write('theme.html', await renderRunReport(sampleDetail({ intervals: 5 })));
    const shown = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await open(file);
    const dark = await open(file, { scheme: 'dark' });
    const [day, night] = [await shown(light.page), await shown(dark.page)];
    expect(day).not.toBe(night);
    const { page } = dark;
    await page.click('#theme');
    expect(await shown(page)).toBe(day);
    await page.click('#theme');
    expect(await shown(page)).toBe(night);
    expect((await drawAll(page)).blank).toEqual([]);
  });

  test('fits a phone', async () => {
    const name = 'a_name_that_is_longer_than_a_phone_is_wide_and_has_no_blank_to_break_at';
    const file = write(
      'phone.html',
      await renderRunReport(sampleDetail({ intervals: 60, name, run: { testName: name } })),
    );
    const { page } = await open(file, { width: 380 });
    const { drawn, blank } = await drawAll(page);
    expect(drawn).toEqual(chartNames);
    expect(blank).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(380);
  });

  test('prints all charts, those too that were not in view', async () => {
    const { page } = await open(
      write('print.html', await renderRunReport(sampleDetail({ intervals: 60, others: 3 }))),
    );
    expect(await page.$$eval('figure canvas', (all) => all.length)).toBeLessThan(4 * chartNames.length);
    const drawn = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          addEventListener('beforeprint', () => resolve(document.querySelectorAll('figure canvas').length));
        }),
    );
    const pdf = await page.pdf({ format: 'A4' });
    expect(await drawn).toBe(4 * chartNames.length);
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-');
  });

  test('a filter leaves the statements that it names', async () => {
    const { page } = await open(
      write('filter.html', await renderRunReport(sampleDetail({ intervals: 5, others: 12 }))),
    );
    await page.type('#filter', 'statement 1');
    const shown = await page.$$eval('section.load:not([hidden]) h2', (heads) =>
      heads.map((head) => head.firstChild!.textContent!.trim()),
    );
    expect(shown).toEqual(['statement 1', 'statement 10', 'statement 11', 'statement 12']);
    expect(await page.$$eval('#statements tbody tr:not([hidden])', (rows) => rows.length)).toBe(4);
  });

  test('200 statements and an hour of seconds open and scroll', async () => {
    const one = sampleDetail({ intervals: 3600 });
    const { statements, ...data } = await collectCharts(one.summary, one.intervals(), []);
    const many = sampleDetail({ intervals: 3600, others: 199 });
    const all = loadsOf(many.summary).map(({ statementId }) => ({ ...statements[0]!, statementId }));
    const file = write('many.html', runReportPage(many, { ...data, statements: all }));
    const { page, problems } = await open(file);
    for (const position of [20, 100, 219]) {
      const chart = (await page.$(`#s${position} [data-chart=response]`))!;
      await chart.scrollIntoView();
      await page.waitForFunction((each) => each.querySelector('canvas') !== null, {}, chart);
    }
    // What was left behind is forgotten.
    expect(await page.$$eval('figure canvas', (drawn) => drawn.length)).toBeLessThan(60);
    expect(problems).toEqual([]);
  });
});
