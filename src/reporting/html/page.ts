import { createHash } from 'node:crypto';
import { browserBundle } from './browser-bundle.ts';
import { Html, html } from './html.ts';

export interface Page {
  readonly title: string;
  /** Name of the script, as the build knows it. */
  readonly script: 'report' | 'compare';
  /** What the script reads by `readPageData`. */
  readonly data: object;
  readonly body: Html;
}

/**
 * Promises one file that holds all it needs, and may neither load nor send anything: its policy admits this script
 * and these styles by their hashes alone.
 */
export function renderPage({ title, script, data, body }: Page): string {
  const code = browserBundle(`${script}.js`);
  const styles = browserBundle('page.css');
  if (/<\/script|<!--/i.test(code)) throw new Error(`the script ${script} would end its element`);
  const policy = `default-src 'none'; script-src '${hashOf(code)}'; style-src '${hashOf(styles)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${new Html(`<style>${styles}</style>`)}
      </head>
      <body>
        ${body} ${new Html(`<script type="application/json" id="page-data">${inertJson(data)}</script>`)}
        ${new Html(`<script>${code}</script>`)}
      </body>
    </html> `.text;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** JSON in which no text can end the element that holds it. */
function inertJson(data: object): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
