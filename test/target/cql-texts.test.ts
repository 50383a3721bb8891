import { describe, expect, it } from 'vitest';
import { readCqlAddress } from '../../src/stress-client/target/cql/cql-address.ts';
import { cqlError, outcomeOf } from '../../src/stress-client/target/cql/cql-error.ts';
import { cqlString, readCqlName, readTableName } from '../../src/stress-client/target/cql/cql-name.ts';

describe('addresses', () => {
  it.each([
    ['localhost', 'localhost', 9042],
    ['10.0.0.1:19042', '10.0.0.1', 19042],
    ['db-1.example', 'db-1.example', 9042],
    ['[::1]:9043', '::1', 9043],
    ['[::1]', '::1', 9042],
    ['::1', '::1', 9042],
    ['fe80::1:2', 'fe80::1:2', 9042],
  ])('%s', (name, host, port) => {
    expect(readCqlAddress(name)).toEqual({ name, host, port });
  });

  it.each([
    'http://localhost',
    'localhost/x',
    'user:secret@host',
    'host:0',
    'host:65536',
    'a b',
    '[host]:1',
    '',
  ])('%s is none', (name) => {
    expect(readCqlAddress(name)).toEqual({ expected: 'host, host:port or [IPv6 address]:port' });
  });
});

describe('names', () => {
  it.each([
    ['shop', 'shop'],
    ['Shop', 'shop'],
    ['"Shop"', 'Shop'],
    ['"a ""b"""', 'a "b"'],
  ])('%s is %s', (text, name) => {
    expect(readCqlName(text)).toBe(name);
  });

  it.each([
    ['t', 'stress', 't'],
    ['T', 'stress', 't'],
    ['"T"', 'stress', 'T'],
    ['shop.T', 'shop', 't'],
    ['"Shop"."T"', 'Shop', 'T'],
    ['"a.b"."c.d"', 'a.b', 'c.d'],
    [' shop . t ', 'shop', 't'],
  ])('table %s', (text, keyspace, table) => {
    expect(readTableName(text, 'stress')).toEqual({ keyspace, table });
  });

  it('a string literal doubles its quotes', () => {
    expect(cqlString("it's")).toBe("'it''s'");
  });
});

describe('errors', () => {
  it.each([
    [0x0000, 'server error', 'server-error', 'failed'],
    [0x000a, 'unsupported opcode', 'protocol', 'unknown'],
    [0x0100, 'bad credentials', 'authentication', 'failed'],
    [0x1000, 'not enough replicas', 'unavailable', 'failed'],
    [0x1001, 'too many', 'overload', 'failed'],
    [0x1002, 'still starting', 'unavailable', 'failed'],
    [0x1003, 'truncate', 'server-error', 'failed'],
    [0x1100, 'write timeout', 'server-timeout', 'unknown'],
    [0x1200, 'read timeout', 'server-timeout', 'unknown'],
    [0x1300, 'read failure', 'server-error', 'failed'],
    [0x1400, 'function failed', 'query-error', 'failed'],
    [0x1500, 'write failure', 'server-error', 'unknown'],
    [0x1600, 'CDC', 'server-error', 'failed'],
    [0x1700, 'CAS unknown', 'server-timeout', 'unknown'],
    [0x2000, 'line 1:0', 'rejected', 'failed'],
    [0x2100, 'no permission', 'authentication', 'failed'],
    [0x2200, 'Expected 4 or 0 byte int', 'rejected', 'failed'],
    [0x2300, 'unknown option', 'rejected', 'failed'],
    [0x2400, 'already there', 'rejected', 'failed'],
    [0x2500, 'unprepared', 'server-error', 'failed'],
    [0x9999, 'from the future', 'server-error', 'failed'],
  ] as const)('code %i, %s: %s, %s', (code, message, errorClass, outcome) => {
    const error = cqlError(code, message);
    expect(error).toMatchObject({ errorClass, message, status: code });
    expect(outcomeOf(error)).toBe(outcome);
  });

  it.each([
    ['unconfigured table t', /^CREATE TABLE t first/],
    ['unconfigured columnfamily t', /^CREATE TABLE t first/],
    ['table t does not exist', /^CREATE TABLE t first/],
    ["Keyspace 'gone' does not exist", /^CREATE KEYSPACE gone first/],
    ['keyspace gone does not exist', /^CREATE KEYSPACE gone first/],
    [
      'No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename',
      /^SET Keyspace/,
    ],
  ])('%s: is not found, and the hint says what to do', (message, hint) => {
    expect(cqlError(0x2200, message)).toEqual({
      errorClass: 'not-found',
      message,
      status: 0x2200,
      hint: expect.stringMatching(hint),
    });
  });
});
