/** A field of a row, as line protocol has it. */
export type Field = string;

export function integerField(name: string, value: number): Field {
  return `${name}=${value}i`;
}

export function floatField(name: string, value: number): Field {
  return `${name}=${value}`;
}

export function booleanField(name: string, value: boolean): Field {
  return `${name}=${value}`;
}

export function textField(name: string, value: string): Field {
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`;
}

/** InfluxDB takes strings of 64 KiB; characters may take three bytes each, and escaped ones two more. */
const textLengthAtMost = 20_000;

/**
 * A text of any length as the string fields `name`, `name_1`, …, with their number in `name_parts`: what an
 * earlier, longer text has left in the same row is not taken for a part of this one.
 */
export function longTextFields(name: string, value: string): readonly Field[] {
  const parts = Math.max(1, Math.ceil(value.length / textLengthAtMost));
  const fields = [integerField(`${name}_parts`, parts)];
  for (let part = 0; part < parts; part++) {
    const text = value.slice(part * textLengthAtMost, (part + 1) * textLengthAtMost);
    fields.push(textField(part === 0 ? name : `${name}_${part}`, text));
  }
  return fields;
}

/** The text of `longTextFields` in a row that was read; undefined where the row has none. */
export function longText(name: string, row: Readonly<Record<string, unknown>>): string | undefined {
  const parts = row[`${name}_parts`];
  if (typeof parts !== 'number') return undefined;
  return Array.from({ length: parts }, (_, part) => row[part === 0 ? name : `${name}_${part}`]).join('');
}

/**
 * Tags of a row, sorted as InfluxDB wants them; those without a value are left out. Line ends, and backslashes
 * at the end, can't be written in a tag.
 */
export function printTags(tags: Readonly<Record<string, string | number>>): string {
  return Object.entries(tags)
    .map(
      ([key, value]) =>
        [
          key,
          String(value)
            .replace(/[\r\n]+/g, ' ')
            .replace(/\\+$/, ''),
        ] as const,
    )
    .filter(([, value]) => value !== '')
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `,${escapeTag(key)}=${escapeTag(value)}`)
    .join('');
}

function escapeTag(text: string): string {
  return text.replace(/[,= ]/g, '\\$&');
}

/** `tags` as `printTags` gives them. */
export function printRow(
  measurement: string,
  tags: string,
  fields: readonly Field[],
  timeNs: string,
): string {
  return `${measurement}${tags} ${fields.join(',')} ${timeNs}`;
}

/** Nanoseconds since 1970, which no number holds, of `ns` on a clock that began at `startedMs`. */
export function wallNs(startedMs: number, ns: number): string {
  return `${startedMs + Math.floor(ns / 1e6)}${String(ns % 1e6).padStart(6, '0')}`;
}
