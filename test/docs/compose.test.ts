import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const text = readFileSync(new URL('../../compose.yaml', import.meta.url), 'utf8');
const valuesOf = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, value]) => value!);
const services = valuesOf(/^ {2}(\w+):\n {4}image:/gm);

test('compose.yaml brings up what the profiles and reports speak to', () => {
  expect(services).toEqual(['scylladb', 'influxdb', 'grafana']);
});

test('every image of compose.yaml is pinned to a release', () => {
  const images = valuesOf(/^ {4}image: (.*)$/gm);
  expect(images).toHaveLength(services.length);
  for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+$/);
});

test('compose.yaml publishes ports to this machine only', () => {
  const ports = valuesOf(/^ {4}ports:\n((?: {6}- .*\n)+)/gm).flatMap((list) => list.trim().split('\n'));
  expect(ports).toHaveLength(services.length);
  for (const port of ports) expect(port).toMatch(/^ *- 127\.0\.0\.1:(\d+):\1$/);
});

test('every service of compose.yaml says when it is healthy, is bounded in memory, and keeps its data in a volume', () => {
  for (const line of ['    healthcheck:', '    mem_limit: ', '    volumes:\n      - ']) {
    expect(text.split(`\n${line}`), line).toHaveLength(services.length + 1);
  }
  expect(text.slice(text.indexOf('\nvolumes:'))).toBe(
    `\nvolumes:\n${services.map((name) => `  ${name}:\n`).join('')}`,
  );
});
