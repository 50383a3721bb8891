import { expect, it } from 'vitest';
import { readInfluxAddress } from '../../src/stress-client/target/influx/address.ts';

it.each([
  ['localhost', false, 'http://localhost:8086', ''],
  ['localhost', true, 'https://localhost:8086', ''],
  ['db1.example.org:9999', false, 'http://db1.example.org:9999', ''],
  ['10.0.0.1:80', false, 'http://10.0.0.1', ''],
  ['10.0.0.1:443', true, 'https://10.0.0.1', ''],
  ['[::1]', false, 'http://[::1]:8086', ''],
  ['[::1]:8087', false, 'http://[::1]:8087', ''],
  ['::1', false, 'http://[::1]:8086', ''],
  ['http://localhost:8086', true, 'http://localhost:8086', ''],
  ['https://cloud.example.org', false, 'https://cloud.example.org', ''],
  ['HTTPS://host:1/', false, 'https://host:1', ''],
  ['http://host:8086/behind/a/proxy/', false, 'http://host:8086', '/behind/a/proxy'],
])('%s, SSL %s', (name, ssl, origin, prefix) => {
  expect(readInfluxAddress(name, ssl)).toEqual({ name, origin, prefix });
});

it.each([
  [''],
  ['a b'],
  ['host:port'],
  ['host:99999'],
  ['host/path'],
  ['http://'],
  ['http://host?db=x'],
  ['http://user:secret@host'],
  ['user@host'],
  ['[::1'],
])('%s is no address', (name) => {
  const read = readInfluxAddress(name, false);
  expect(read).toHaveProperty('expected');
  expect(JSON.stringify(read)).not.toMatch(/secret/);
});
