import {
  createReadStream,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/usage-error.ts';
import { writeOutput } from '../../src/cli/write-output.ts';
import { onlyRunFolder, stressql, temporaryFolder } from './stressql.ts';

const log = 'test/cassandra-stress/samples/sample-mixed-fixed.hdr';

describe('a text that is written', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'report.html');
  });
  const write = (path: string, force = false): Promise<void> =>
    writeOutput(Readable.from(['one ', 'two']), { output: path, force });

  test('is all of a file', async () => {
    await write(file);
    expect(readFileSync(file, 'utf8')).toBe('one two');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  test('takes no existing file’s place, unless that is asked for', async () => {
    writeFileSync(file, 'kept');
    await expect(write(file)).rejects.toThrow(`${file} exists; --force replaces it`);
    expect(readFileSync(file, 'utf8')).toBe('kept');
    await write(file, true);
    expect(readFileSync(file, 'utf8')).toBe('one two');
  });

  test('replaces what a link means, and not the link', async () => {
    writeFileSync(file, 'kept');
    const link = join(folder, 'link');
    symlinkSync(file, link);
    await write(link, true);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('one two');
  });

  test('takes no place of a link to nothing, unless that is asked for', async () => {
    const link = join(folder, 'link');
    symlinkSync(file, link);
    await expect(write(link)).rejects.toThrow(`${link} exists; --force replaces it`);
    expect(readlinkSync(link)).toBe(file);
    expect(readdirSync(folder)).toEqual(['link']);
    await write(link, true);
    expect(readFileSync(link, 'utf8')).toBe('one two');
  });

  test.each([false, true])('leaves a file with .part behind its name alone (--force %s)', async (force) => {
    const other = `${file}.part`;
    writeFileSync(other, 'kept');
    if (force) writeFileSync(file, 'replaced');
    await writeOutput(createReadStream(other, 'utf8'), { output: file, force });
    expect(readFileSync(file, 'utf8')).toBe('kept');
    expect(readFileSync(other, 'utf8')).toBe('kept');
  });

  /** Pieces in the course of which something else comes to have the name of the file. */
  async function* meanwhile(come: () => void): AsyncIterable<string> {
    yield 'one ';
    come();
    yield await Promise.resolve('two');
  }

  test('does not replace a file that appears meanwhile', async () => {
    const pieces = meanwhile(() => writeFileSync(file, 'kept'));
    await expect(writeOutput(pieces, { output: file, force: false })).rejects.toThrow(
      `${file} exists; --force replaces it`,
    );
    expect(readFileSync(file, 'utf8')).toBe('kept');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  test('of two writers of the same file is that of one', async () => {
    const ended = await Promise.allSettled([write(file), write(file)]);
    expect(ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))).toEqual([
      new UsageError(`${file} exists; --force replaces it`),
    ]);
    expect(readFileSync(file, 'utf8')).toBe('one two');
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  test('that can’t take its place at the end says why', async () => {
    const pieces = meanwhile(() => mkdirSync(file));
    const refused = writeOutput(pieces, { output: file, force: true });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(`${file} can’t be written: EISDIR`);
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  test.each([false, true])('that breaks leaves what was there (--force %s)', async (force) => {
    const path = force ? file : join(folder, 'new');
    if (force) writeFileSync(file, 'kept');
    async function* broken(): AsyncIterable<string> {
      yield 'one ';
      throw await Promise.resolve(new Error('no more'));
    }
    await expect(writeOutput(broken(), { output: path, force })).rejects.toThrow('no more');
    expect(readdirSync(folder)).toEqual(force ? ['report.html'] : []);
    if (force) expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  test('goes to a device that is there', async () => {
    await write('/dev/null');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test.each([
    ['/dev/full', 'ENOSPC'],
    ['/no/such/folder/report', 'ENOENT'],
  ])('to %s can’t be, and says why', async (path, why) => {
    await expect(write(path, true)).rejects.toThrow(`${path} can’t be written: ${why}`);
  });

  test('to a folder can’t be, and says why', async () => {
    mkdirSync(file);
    await expect(write(file, true)).rejects.toThrow(`${file} can’t be written: EISDIR`);
  });
});

test('no command replaces a file that it was not told to replace', async () => {
  const out = temporaryFolder();
  const script = 'SET Target [sink]\n\nINSERT cpu\ncpu\nvalue=1\n10 10s\n';
  await stressql(['run', '-', '--quiet', '--out', out], { input: script });
  const run = onlyRunFolder(out);
  const file = join(temporaryFolder(), 'kept');
  writeFileSync(file, 'kept');
  for (const words of [
    ['report', run],
    ['compare', run, run],
    ['hdr', 'merge', log],
  ]) {
    const refused = await stressql([...words, '--output', file]);
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `stressql: ${file} exists; --force replaces it\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('kept');
  }
  const replaced = await stressql(['hdr', 'merge', log, '--output', file, '--force']);
  expect(replaced).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(file, 'utf8')).toContain('merged');
});
