import { inert } from '../inert.ts';

/** Markup that is safe to be shown. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/**
 * Markup with values in it: html`<td>${name}</td>`. Promises that a text stays a text: it can't end its element or
 * attribute, and holds nothing that reorders its line. Nothing is shown of undefined.
 */
export function html(markup: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(markup.map((part, at) => part + (at < values.length ? textOf(values[at]) : '')).join(''));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return inert(String(value)).replace(/[&<>"']/g, (character) => entities[character]!);
}
