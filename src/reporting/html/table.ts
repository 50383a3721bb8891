import { html, type Html, type HtmlValue } from './html.ts';

/** A table whose rows begin with their heading; what is wider than the page is scrolled. */
export function table(
  head: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
  { title, name, kind = '' }: TableOptions = {},
): Html {
  return html`<div class="scroll">
    <table ${name === undefined ? undefined : html`data-table="${name}"`}>
      ${
        title === undefined
          ? undefined
          : html`<caption>
              ${title}
            </caption>`
      }
      <thead>
        <tr>
          ${head.map((each) => html`<th scope="col" class="${kind}">${each}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td class="${kind}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

interface TableOptions {
  readonly title?: string;
  /** By which programs find it. */
  readonly name?: string;
  /** What its cells are: words, where not figures. */
  readonly kind?: 'word' | '';
}
