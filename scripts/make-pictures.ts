import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import puppeteer, { type Page } from 'puppeteer-core';

/*
 * `npm run pictures`: makes docs/pictures anew, from rehearsals of examples (no database is contacted), with the
 * built command and Chromium: /usr/bin/chromium, or what CHROMIUM names.
 */

const pictures = resolve('docs/pictures');
const command = resolve('bin/stressql.js');
/** Where the command runs, so that its paths are those of a checkout. */
const scratch = mkdtempSync(join(tmpdir(), 'stressql-pictures-'));

function stressql(...words: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [command, ...words], {
      cwd: scratch,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    // A rehearsal on a busy machine may miss an EXPECT: its report is a report all the same.
    return (error as { readonly stdout: string }).stdout;
  }
}

/** Rehearses an example; promises the path of its run folder. */
function rehearsed(profile: string, out: string, ...words: readonly string[]): string {
  stressql('run', `examples/${profile}.sql`, '--rehearse', '--no-report', '--out', out, ...words);
  return join(out, readdirSync(join(scratch, out))[0]!);
}

/** Of a character of the terminal, and of what is around them all: pixels. */
const characterWidth = 7.85;
const margins = 32;

/** A page that shows a text as a terminal would, its first lines only, and how wide it is: 900 pixels at the least. */
function terminal(
  command: string,
  text: string,
  lines: number,
): { readonly file: string; readonly width: number } {
  const shown = [`$ ${command}`, ...text.trimEnd().split('\n').slice(0, lines)];
  const markup = shown.join('\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const longest = Math.max(...shown.map((line) => line.length));
  const file = join(scratch, 'terminal.html');
  writeFileSync(
    file,
    `<!doctype html><meta charset="utf-8"><body style="margin:0;background:#14171c"><pre style="margin:0;padding:16px;` +
      `color:#e6e9ee;font:13px/1.4 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;overflow:hidden">${markup}</pre>`,
  );
  return { file, width: Math.max(900, Math.ceil(longest * characterWidth) + margins) };
}

interface Picture {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** Brings what is to be seen into view. */
  readonly before?: (page: Page) => Promise<void>;
}

const browser = await puppeteer.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});

async function take(
  name: string,
  file: string,
  { width, height, scheme = 'light', before }: Picture,
): Promise<void> {
  const page = await browser.newPage();
  await page.setViewport({ width, height: height ?? 100 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(`file://${file}`);
  await before?.(page);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: height === undefined });
  await page.close();
}

/** Scrolls to a chart of a statement, and points at it. */
async function pointAt(page: Page, statement: string, chart: string): Promise<void> {
  const figure = (await page.$(`section[data-filter^="${statement}"] [data-chart="${chart}"]`))!;
  await figure.evaluate((each) => each.scrollIntoView());
  const plot = (await figure.waitForSelector('.u-over'))!;
  await plot.hover();
}

try {
  mkdirSync(pictures, { recursive: true });
  cpSync('examples', join(scratch, 'examples'), { recursive: true });
  const run = rehearsed('quickstart', 'stressql-runs');
  for (const [format, lines] of [
    ['text', 44],
    ['md', 40],
    ['csv', 4],
  ] as const) {
    const text = stressql('report', run, '--format', format);
    const typed = `stressql report ${run} --format ${format}`;
    await take(`report-${format}`, terminal(typed, text, lines).file, { width: 900 });
  }
  const html = join(scratch, 'report.html');
  stressql('report', run, '--format', 'html', '--output', html);
  await take('report-html', html, { width: 1100, height: 760 });
  await take('report-html-charts', html, {
    width: 1100,
    height: 900,
    before: (page) => pointAt(page, 'live', 'throughput'),
  });
  await take('report-html-phone', html, {
    width: 380,
    height: 760,
    scheme: 'dark',
    before: (page) => pointAt(page, 'live', 'response'),
  });

  const runs = ['5000/s', '8000/s'].map((rate, at) =>
    rehearsed('soak', ['before', 'after'][at]!, '-p', `RATE=${rate}`, '-p', 'FOR=30s', '-p', 'WARMUP=5s'),
  );
  const comparison = `stressql compare ${runs.join(' ')}`;
  for (const [name, typed, text, lines] of [
    ['compare-text', comparison, stressql('compare', ...runs), 40],
    ['list', 'stressql list', stressql('list', '.'), 10],
    ['hdr', `stressql hdr print ${run}`, stressql('hdr', 'print', run), 10],
  ] as const) {
    const { file, width } = terminal(typed, text, lines);
    await take(name, file, { width });
  }
  const compared = join(scratch, 'compare.html');
  stressql('compare', ...runs, '--format', 'html', '--output', compared);
  await take('compare-html', compared, { width: 1100, height: 760 });
  await take('compare-html-charts', compared, {
    width: 1100,
    height: 900,
    before: (page) => pointAt(page, 'fleet', 'response:p99'),
  });
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
