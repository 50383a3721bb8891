import { existsSync } from 'node:fs';
import { afterAll, afterEach, describe } from 'vitest';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { testMissingServer } from '../servers/missing-server.ts';

const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export interface OpenPage {
  readonly page: Page;
  /** What the page asked for besides itself, and what went wrong in it. */
  readonly requests: readonly string[];
  readonly problems: readonly string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens a file in a page of its own. */
export type OpenFile = (file: string, options?: PageOptions) => Promise<OpenPage>;

/**
 * A suite that needs Chromium, headless. Where there is none its tests are skipped, and named with the reason at the
 * end of the run; with CI=true that is a failure.
 */
export function describeInChromium(title: string, suite: (open: OpenFile) => void): void {
  // Another process draws, on a machine that may be busy.
  describe(title, { timeout: 120_000 }, () => {
    if (!existsSync(path)) {
      return testMissingServer('needs Chromium', {
        unavailable: `there is no Chromium at ${path}`,
        remedy: 'install it (apt-get install chromium), or set CHROMIUM to the path of one',
      });
    }
    let browser: Promise<Browser> | undefined;
    let pages: Page[] = [];
    afterEach(async () => {
      for (const page of pages) await page.close();
      pages = [];
    });
    afterAll(async () => (await browser)?.close());
    suite(async (file, { width = 1280, scheme = 'light' } = {}) => {
      // Containers and continuous integration run as a user for whom Chromium's sandbox can't be made.
      browser ??= puppeteer.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
      const page = await (await browser).newPage();
      pages.push(page);
      const [requests, problems]: [string[], string[]] = [[], []];
      page.on('request', (request) => {
        if (!request.isNavigationRequest() && !request.url().startsWith('data:'))
          requests.push(request.url());
      });
      page.on('dialog', (dialog) => {
        problems.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => problems.push(`console: ${message.text()}`));
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.goto(`file://${file}`, { waitUntil: 'load' });
      return { page, requests, problems };
    });
  });
}
