/** A row of line protocol, read as InfluxDB does; integers and floats are both numbers. */
export interface ParsedRow {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly timeNs: string;
}

export function parseRow(row: string): ParsedRow {
  const match = /^((?:\\[,= ]|[^ ])*) (.*) (-?\d+)$/s.exec(row);
  if (match === null) throw new Error(`no row: ${row.slice(0, 200)}`);
  const [, series, fields, timeNs] = match;
  const [measurement, ...tags] = split(series!);
  return {
    measurement: measurement!,
    tags: Object.fromEntries(
      tags.map((tag) => {
        const [, key, value] = /^((?:\\[,= ]|[^=])*)=(.*)$/s.exec(tag)!;
        return [unescaped(key!), unescaped(value!)];
      }),
    ),
    fields: Object.fromEntries(
      [...fields!.matchAll(/([^,=]+)=("(?:\\.|[^"\\])*"|[^,]+)(?:,|$)/gsy)].map(([, name, value]) => [
        name!,
        valueOf(value!),
      ]),
    ),
    timeNs: timeNs!,
  };
}

function split(series: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < series.length; at++) {
    if (series[at] === '\\' && /[,= ]/.test(series[at + 1] ?? '')) part += series[at]! + series[++at]!;
    else if (series[at] === ',') {
      parts.push(part);
      part = '';
    } else part += series[at];
  }
  return [...parts, part];
}

function unescaped(text: string): string {
  return text.replace(/\\([,= ])/g, '$1');
}

function valueOf(text: string): string | number | boolean {
  if (text.startsWith('"')) return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text.replace(/i$/, ''));
  if (Number.isNaN(value)) throw new Error(`no value: ${text}`);
  return value;
}
