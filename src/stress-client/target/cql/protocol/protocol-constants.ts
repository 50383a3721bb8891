/*
 * The native protocol, version 4, in numbers: native_protocol_v4.spec, sections 2 to 6.
 * https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec
 */

/** Version byte of a request; answers have the highest bit set. */
export const requestVersion = 0x04;

/** Version (1), flags (1), stream (2), opcode (1), length of the body (4). */
export const headerBytes = 9;

/** No frame has a longer body. */
export const bodyBytesAtMost = 256 << 20;

/** Stream ids of requests: 0 to 32767. */
export const streamCount = 32_768;

export const opcodes = {
  error: 0x00,
  startup: 0x01,
  ready: 0x02,
  authenticate: 0x03,
  options: 0x05,
  supported: 0x06,
  query: 0x07,
  result: 0x08,
  prepare: 0x09,
  execute: 0x0a,
  event: 0x0c,
  batch: 0x0d,
  authChallenge: 0x0e,
  authResponse: 0x0f,
  authSuccess: 0x10,
} as const;

/** Flags of a header. */
export const headerFlags = { compression: 0x01, tracing: 0x02, customPayload: 0x04, warning: 0x08 } as const;

export const resultKinds = {
  void: 0x0001,
  rows: 0x0002,
  setKeyspace: 0x0003,
  prepared: 0x0004,
  schemaChange: 0x0005,
} as const;

/** Flags of QUERY and EXECUTE. */
export const queryFlags = {
  values: 0x01,
  skipMetadata: 0x02,
  pageSize: 0x04,
  pagingState: 0x08,
  serialConsistency: 0x10,
} as const;

/** Flags of a result's metadata. */
export const metadataFlags = { globalTable: 0x0001, hasMorePages: 0x0002, noMetadata: 0x0004 } as const;

export const batchKinds = { logged: 0, unlogged: 1, counter: 2 } as const;

export const consistencyCodes = {
  ANY: 0x0000,
  ONE: 0x0001,
  TWO: 0x0002,
  THREE: 0x0003,
  QUORUM: 0x0004,
  ALL: 0x0005,
  LOCAL_QUORUM: 0x0006,
  EACH_QUORUM: 0x0007,
  SERIAL: 0x0008,
  LOCAL_SERIAL: 0x0009,
  LOCAL_ONE: 0x000a,
} as const;
