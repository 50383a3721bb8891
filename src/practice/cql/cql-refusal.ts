import type { ByteWriter } from './byte-writer.ts';

/** The codes of ERROR: native_protocol_v4.spec, section 9. */
export const cqlErrorCodes = {
  serverError: 0x0000,
  protocolError: 0x000a,
  badCredentials: 0x0100,
  unavailable: 0x1000,
  overloaded: 0x1001,
  bootstrapping: 0x1002,
  truncateError: 0x1003,
  writeTimeout: 0x1100,
  readTimeout: 0x1200,
  readFailure: 0x1300,
  functionFailure: 0x1400,
  writeFailure: 0x1500,
  syntaxError: 0x2000,
  unauthorized: 0x2100,
  invalid: 0x2200,
  configError: 0x2300,
  alreadyExists: 0x2400,
  unprepared: 0x2500,
} as const;

/** An ERROR with what its body says. Consistencies are the protocol's numbers; ONE unless set. */
export type CqlErrorBody = { readonly message?: string } & (
  | {
      readonly error: Exclude<
        keyof typeof cqlErrorCodes,
        | 'unavailable'
        | 'writeTimeout'
        | 'readTimeout'
        | 'readFailure'
        | 'writeFailure'
        | 'functionFailure'
        | 'alreadyExists'
        | 'unprepared'
      >;
    }
  | {
      readonly error: 'unavailable';
      readonly consistency?: number;
      readonly required: number;
      readonly alive: number;
    }
  | {
      readonly error: 'writeTimeout';
      readonly consistency?: number;
      readonly received: number;
      readonly blockFor: number;
      /** SIMPLE unless set; or BATCH, UNLOGGED_BATCH, COUNTER, BATCH_LOG, CAS, VIEW, CDC. */
      readonly writeType?: string;
    }
  | {
      readonly error: 'readTimeout';
      readonly consistency?: number;
      readonly received: number;
      readonly blockFor: number;
      readonly dataPresent: boolean;
    }
  | {
      readonly error: 'readFailure';
      readonly consistency?: number;
      readonly received: number;
      readonly blockFor: number;
      readonly failures: number;
      readonly dataPresent: boolean;
    }
  | {
      readonly error: 'writeFailure';
      readonly consistency?: number;
      readonly received: number;
      readonly blockFor: number;
      readonly failures: number;
      readonly writeType?: string;
    }
  | {
      readonly error: 'functionFailure';
      readonly keyspace: string;
      readonly function: string;
      readonly arguments: readonly string[];
    }
  | { readonly error: 'alreadyExists'; readonly keyspace: string; readonly table: string }
  /** Without an id: that of the EXECUTE that is answered. */
  | { readonly error: 'unprepared'; readonly id?: Uint8Array }
);

const one = 1;

/** Thrown where a request can't be done; the client gets it as an ERROR. */
export class CqlRefusal extends Error {
  readonly body: CqlErrorBody;

  constructor(body: CqlErrorBody) {
    super(body.message ?? `a practice fault: ${body.error}`);
    this.body = body;
  }
}

export function invalid(message: string): CqlRefusal {
  return new CqlRefusal({ error: 'invalid', message });
}

export function protocolError(message: string): CqlRefusal {
  return new CqlRefusal({ error: 'protocolError', message });
}

/** What Cassandra could do and this server can't. */
export function beyondPractice(what: string): CqlRefusal {
  return invalid(`the practice server ${what}`);
}

/** Writes the body of an ERROR. `executedId` is the id that an EXECUTE asked for, if it is one. */
export function writeError(writer: ByteWriter, { body, message }: CqlRefusal, executedId?: Uint8Array): void {
  writer.int(cqlErrorCodes[body.error]);
  writer.string(message);
  switch (body.error) {
    case 'unavailable':
      writer.short(body.consistency ?? one);
      writer.int(body.required);
      writer.int(body.alive);
      break;
    case 'writeTimeout':
    case 'readTimeout':
    case 'writeFailure':
    case 'readFailure':
      writer.short(body.consistency ?? one);
      writer.int(body.received);
      writer.int(body.blockFor);
      if (body.error === 'writeFailure' || body.error === 'readFailure') writer.int(body.failures);
      if (body.error === 'writeTimeout' || body.error === 'writeFailure')
        writer.string(body.writeType ?? 'SIMPLE');
      else writer.byte(body.dataPresent ? 1 : 0);
      break;
    case 'functionFailure':
      writer.string(body.keyspace);
      writer.string(body.function);
      writer.stringList(body.arguments);
      break;
    case 'alreadyExists':
      writer.string(body.keyspace);
      writer.string(body.table);
      break;
    case 'unprepared':
      writer.shortBytes(body.id ?? executedId ?? new Uint8Array(16));
      break;
    default:
  }
}
