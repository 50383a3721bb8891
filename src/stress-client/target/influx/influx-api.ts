import type { Settings } from '../../settings.ts';

/** The HTTP API of a generation of InfluxDB. */
export type InfluxVersion = '1' | '2';

/** How each API spells our precisions. */
const precisions: Readonly<Record<InfluxVersion, Readonly<Record<Settings['Precision'], string>>>> = {
  '1': { n: 'n', ns: 'n', u: 'u', us: 'u', ms: 'ms', s: 's' },
  '2': { n: 'ns', ns: 'ns', u: 'us', us: 'us', ms: 'ms', s: 's' },
};

/** Path and query of a write (https://docs.influxdata.com/influxdb/v1/tools/api/, v2/api/). */
export function writePath(version: InfluxVersion, settings: Settings): string {
  const precision = precisions[version][settings.Precision];
  const parameters =
    version === '1'
      ? new URLSearchParams({ db: settings.Database, precision })
      : new URLSearchParams({ org: settings.Org, bucket: bucketOf(settings), precision });
  if (version === '1' && settings.RetentionPolicy !== '') parameters.set('rp', settings.RetentionPolicy);
  return `${version === '1' ? '/write' : '/api/v2/write'}?${parameters}`;
}

/** The bucket that is written: Bucket, else `database` or `database/policy`, as a 1.8 and a DBRP mapping name it. */
function bucketOf(settings: Settings): string {
  if (settings.Bucket !== '') return settings.Bucket;
  return settings.RetentionPolicy === ''
    ? settings.Database
    : `${settings.Database}/${settings.RetentionPolicy}`;
}

/** Path and query of an InfluxQL query, the same in both generations. */
export function queryPath(settings: Settings): string {
  return `/query?${new URLSearchParams({ db: settings.Database })}`;
}

/** Headers of every request: the login is never part of a URL, which servers log. */
export function loginHeaders(settings: Settings): string[] {
  if (settings.Token !== '') return ['authorization', `Token ${settings.Token}`];
  if (settings.Username === '') return [];
  const login = Buffer.from(`${settings.Username}:${settings.Password}`).toString('base64');
  return ['authorization', `Basic ${login}`];
}

const plain = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*')) {
  plain[byte] = 1;
}
const hexDigits = Buffer.from('0123456789ABCDEF');

/** Bytes that `writeForm` may need for a text of `length` bytes. */
export function formBytesAtMost(length: number): number {
  return 2 + 3 * length;
}

/** Writes `q=` and the text in form encoding from the start of `into`; returns the end. */
export function writeForm(text: Uint8Array, into: Uint8Array): number {
  into[0] = 0x71;
  into[1] = 0x3d;
  let end = 2;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!;
    if (plain[byte] === 1) {
      into[end++] = byte;
    } else if (byte === 0x20) {
      into[end++] = 0x2b;
    } else {
      into[end++] = 0x25;
      into[end++] = hexDigits[byte >> 4]!;
      into[end++] = hexDigits[byte & 15]!;
    }
  }
  return end;
}
