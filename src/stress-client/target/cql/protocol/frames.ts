import { consistencyCodes, headerBytes, opcodes, requestVersion } from './protocol-constants.ts';

/* Requests other than those of the load; their stream is 0 until it is set. */

export function optionsFrame(): Buffer {
  return frame(opcodes.options, []);
}

export function startupFrame(options: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(options);
  return frame(opcodes.startup, [short(entries.length), ...entries.flat().map(string)]);
}

/** SASL PLAIN: the user acts as itself, so that the first of the three names is empty. */
export function plainLoginFrame(username: string, password: string): Buffer {
  return frame(opcodes.authResponse, [bytes(Buffer.from(`\0${username}\0${password}`))]);
}

/** A text without markers. Its answer is one page, whatever its length. */
export function queryFrame(text: string): Buffer {
  const noFlags = Buffer.of(0);
  return frame(opcodes.query, [bytes(Buffer.from(text)), short(consistencyCodes.LOCAL_ONE), noFlags]);
}

export function prepareFrame(text: string): Buffer {
  return frame(opcodes.prepare, [bytes(Buffer.from(text))]);
}

function frame(opcode: number, body: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(headerBytes);
  header[0] = requestVersion;
  header[4] = opcode;
  const whole = Buffer.concat([header, ...body]);
  whole.writeInt32BE(whole.length - headerBytes, 5);
  return whole;
}

function short(value: number): Buffer {
  return Buffer.of(value >> 8, value);
}

/** [bytes], and [long string], which is the same. */
function bytes(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(value.length);
  return Buffer.concat([length, value]);
}

function string(text: string): Buffer {
  const value = Buffer.from(text);
  return Buffer.concat([short(value.length), value]);
}
