const comma = 0x2c;
const space = 0x20;
const equals = 0x3d;
const newline = 0x0a;
const backslash = 0x5c;
const quote = 0x22;
const hash = 0x23;
const minus = 0x2d;

export type FieldType = 'float' | 'integer' | 'string' | 'boolean';

/**
 * Reads line protocol as InfluxDB 1.8 does, a line at a time, and says of each line what it holds or, in
 * InfluxDB's words, why it is none
 * (https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/).
 */
export class LineProtocolReader {
  readonly #bytes: Buffer;
  #at = 0;
  /** Hashes of the line's tag keys. */
  readonly #tagKeys: number[] = [];

  /* What the last line held. */
  lineStart = 0;
  measurement = '';
  readonly fieldNames: string[] = [];
  readonly fieldTypes: FieldType[] = [];
  /** Two halves of a hash of measurement and tags that doesn't depend on the tags' order. */
  seriesHigh = 0;
  seriesLow = 0;
  hasTimestamp = false;
  /** Why the line is none; undefined for a good one. */
  error: string | undefined = undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Reads the next line that is neither empty nor a comment; false at the end. */
  next(): boolean {
    const bytes = this.#bytes;
    for (;;) {
      while (this.#at < bytes.length && isBlank(bytes[this.#at]!)) this.#at++;
      if (this.#at >= bytes.length) return false;
      if (bytes[this.#at] !== hash) break;
      this.#skipLine();
    }
    this.lineStart = this.#at;
    this.fieldNames.length = 0;
    this.fieldTypes.length = 0;
    this.hasTimestamp = false;
    this.error = this.#readLine();
    if (this.error !== undefined) {
      this.#at = this.lineStart;
      this.#skipLine();
    }
    return true;
  }

  /** The last line as written. */
  get line(): string {
    const end = this.#bytes[this.#at - 1] === newline ? this.#at - 1 : this.#at;
    return this.#bytes.toString('utf8', this.lineStart, end);
  }

  #readLine(): string | undefined {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = this.#nameEnd(start, false);
    if (at === start) return 'missing measurement';
    this.measurement = nameText(bytes, start, at);
    this.seriesHigh = hashOf(bytes, start, at, 0x2545f491);
    this.seriesLow = hashOf(bytes, start, at, 0x6c62272e);
    this.#tagKeys.length = 0;
    while (bytes[at] === comma) {
      const tagStart = at + 1;
      at = this.#nameEnd(tagStart, true);
      if (at === tagStart) return 'missing tag key';
      if (bytes[at] !== equals) return 'missing tag value';
      const key = hashOf(bytes, tagStart, at, 0);
      if (this.#tagKeys.includes(key)) return 'duplicate tags';
      this.#tagKeys.push(key);
      const valueStart = at + 1;
      at = this.#nameEnd(valueStart, true);
      if (at === valueStart) return 'missing tag value';
      if (bytes[at] === equals) return 'invalid tag format';
      this.seriesHigh = (this.seriesHigh + hashOf(bytes, tagStart, at, 0x9e3779b1)) | 0;
      this.seriesLow = (this.seriesLow + hashOf(bytes, tagStart, at, 0x85ebca77)) | 0;
    }
    if (isLineEnd(bytes, at)) return 'missing fields';
    while (bytes[at] === space) at++;
    for (;;) {
      const keyStart = at;
      at = this.#nameEnd(keyStart, true);
      if (at === keyStart) return bytes[at] === equals ? 'missing field key' : 'invalid field format';
      if (bytes[at] !== equals) return 'invalid field format';
      const name = nameText(bytes, keyStart, at);
      const valueStart = at + 1;
      const string = bytes[valueStart] === quote;
      at = string ? this.#stringEnd(valueStart) : this.#valueEnd(valueStart);
      if (at < 0) return 'unbalanced quotes';
      if (at === valueStart) return 'missing field value';
      const type = string ? 'string' : valueType(bytes, valueStart, at);
      if (!isType(type)) return type;
      this.fieldNames.push(name);
      this.fieldTypes.push(type);
      if (bytes[at] !== comma) break;
      at++;
    }
    if (!isLineEnd(bytes, at) && bytes[at] !== space) return 'invalid field format';
    while (bytes[at] === space) at++;
    if (!isLineEnd(bytes, at)) {
      const timestampStart = at;
      if (bytes[at] === minus) at++;
      while (isDigit(bytes[at])) at++;
      const timestampEnd = at;
      while (bytes[at] === space) at++;
      if (!isLineEnd(bytes, timestampEnd) && bytes[timestampEnd] !== space) return 'bad timestamp';
      if (!isLineEnd(bytes, at)) return 'point is invalid';
      const error = integerError(bytes, timestampStart, timestampEnd);
      if (error !== undefined) return error;
      this.hasTimestamp = true;
    }
    this.#at = at;
    return undefined;
  }

  /** End of a measurement, key or tag value: an unescaped comma, blank, line end or, where it counts, `=`. */
  #nameEnd(start: number, endsAtEquals: boolean): number {
    const bytes = this.#bytes;
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === backslash) at++;
      else if (byte === comma || byte === space || byte === newline) break;
      else if (byte === equals && endsAtEquals) break;
    }
    return Math.min(at, bytes.length);
  }

  /** End of a quoted string, line ends included; -1 where it isn't closed. */
  #stringEnd(start: number): number {
    const bytes = this.#bytes;
    for (let at = start + 1; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === backslash) at++;
      else if (byte === quote) return at + 1;
    }
    return -1;
  }

  #valueEnd(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < bytes.length && bytes[at] !== comma && bytes[at] !== space && bytes[at] !== newline) at++;
    return at;
  }

  #skipLine(): void {
    const end = this.#bytes.indexOf(newline, this.#at);
    this.#at = end < 0 ? this.#bytes.length : end + 1;
  }
}

function isBlank(byte: number): boolean {
  return byte === space || byte === newline;
}

function isLineEnd(bytes: Buffer, at: number): boolean {
  return at >= bytes.length || bytes[at] === newline;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isType(type: string): type is FieldType {
  return type === 'float' || type === 'integer' || type === 'string' || type === 'boolean';
}

/** A name without its escapes. */
function nameText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  return text.includes('\\') ? text.replaceAll(/\\([,= ])/g, '$1') : text;
}

/** The type of a value without quotes, or why it has none. */
function valueType(bytes: Buffer, start: number, end: number): string {
  const first = bytes[start]!;
  if (!isDigit(first) && first !== minus && first !== 0x2e && first !== 0x4e && first !== 0x6e) {
    const text = bytes.toString('latin1', start, end);
    return /^(t|T|true|True|TRUE|f|F|false|False|FALSE)$/.test(text) ? 'boolean' : 'invalid boolean';
  }
  let at = start;
  if (bytes[at] === minus) at++;
  const digits = at;
  while (isDigit(bytes[at])) at++;
  let digitCount = at - digits;
  if (at === end - 1 && bytes[at] === 0x69) {
    if (digitCount === 0) return 'invalid number';
    const error = integerError(bytes, start, at);
    if (error === undefined) return 'integer';
    return `unable to parse integer ${bytes.toString('latin1', start, at)}: ${error}`;
  }
  if (bytes[at] === 0x2e) {
    const fraction = ++at;
    while (isDigit(bytes[at])) at++;
    digitCount += at - fraction;
  }
  if (digitCount === 0) return 'invalid number';
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === minus || bytes[at] === 0x2b) at++;
    const exponent = at;
    while (isDigit(bytes[at])) at++;
    if (at === exponent) return 'invalid float';
  }
  return at === end ? 'float' : 'invalid number';
}

/** Why the digits are no 64-bit integer; undefined where they are. */
function integerError(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start < 19) return undefined;
  const text = bytes.toString('latin1', start, end);
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) === value) return undefined;
  return `strconv.ParseInt: parsing "${text}": value out of range`;
}

/** FNV-1a with a finishing mix: the estimate of series wants every bit to depend on every byte. */
function hashOf(bytes: Buffer, start: number, end: number, seed: number): number {
  let value = seed;
  for (let at = start; at < end; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
