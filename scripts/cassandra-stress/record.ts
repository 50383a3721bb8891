import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commandLines, wordsOf } from '../../test/cassandra-stress/command-lines.ts';
import {
  byteQuestions,
  drawQuestions,
  helpWords,
  printSpecs,
} from '../../test/cassandra-stress/questions.ts';
import type {
  RecordedData,
  RecordedHelp,
  RecordedLine,
  RecordedLines,
  RecordedStatements,
} from '../../test/cassandra-stress/recorded.ts';
import { cassandraStressJava, cassandraStressVersion, java } from '../../test/servers/cassandra-stress.ts';

/*
 * `npx node scripts/cassandra-stress/record.ts`: asks cassandra-stress of Apache Cassandra 3.11.5 (fetched once by
 * Maven, run on a JDK 17) what it makes of the command lines and questions in test/cassandra-stress, and writes
 * test/cassandra-stress/recorded. No server is needed: settings are printed before it connects.
 */

const version = cassandraStressVersion;
const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

interface Answer {
  readonly code: number;
  readonly message: string;
  readonly printed: string;
}

async function ask(questions: readonly (readonly string[])[]): Promise<readonly Answer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stressql-record-'));
  try {
    const recorder = spawn(
      java(),
      [
        ...(await cassandraStressJava(folder)),
        fileURLToPath(new URL('StressRecorder.java', import.meta.url)),
      ],
      { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] },
    );
    recorder.stdin.end(questions.map((words) => `${words.join('\t')}\n`).join(''));
    const answers = (await text(recorder.stdout)).split(/^=== /m).slice(1).map(readAnswer);
    if (answers.length !== questions.length) {
      throw new Error(`${answers.length} answers to ${questions.length} questions`);
    }
    return answers;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function readAnswer(answer: string): Answer {
  // A message may have several lines; what is printed begins after its first.
  const end = answer.indexOf('\n');
  const [, code, message] = /^(\d+) (.*)$/.exec(answer.slice(0, end))!;
  return { code: Number(code), message: message!, printed: answer.slice(end + 1).replace(/\n$/, '') };
}

/** The settings as sections: name and lines. */
function sectionsOf(printed: string): Record<string, readonly string[]> {
  const sections: Record<string, string[]> = {};
  let section: string[] = [];
  for (const line of printed.split('\n').slice(1)) {
    if (line === '') continue;
    if (line.startsWith('  ')) section.push(withSortedRatios(line.slice(2)));
    else sections[line.replace(/:$/, '')] = section = [];
  }
  return sections;
}

/** It has them in an order of its memory's addresses. */
function withSortedRatios(line: string): string {
  return line.replace(
    /^(Command Ratios: \{)(.*)\}$/,
    (_, start: string, ratios: string) => `${start}${ratios.split(', ').toSorted().join(', ')}}`,
  );
}

function refusalOf({ message, printed }: Answer): string {
  if (message !== '') return message;
  const at = printed.search(
    /^(?:Invalid .* options provided|Error processing|No command provided|Invalid -)/m,
  );
  return (at < 0 ? printed : printed.slice(at)).replaceAll('\n\n', '\n').trim();
}

function lineOf(
  line: string | readonly string[],
  answer: Answer,
  base: Record<string, readonly string[]>,
): RecordedLine {
  if (answer.code !== 0) return { line, refusal: refusalOf(answer) };
  const sections = Object.entries(sectionsOf(answer.printed));
  const absent = Object.keys(base).filter((name) => !sections.some(([each]) => each === name));
  const changed = sections.filter(([name, lines]) => String(lines) !== String(base[name]));
  return { line, sections: Object.fromEntries(changed), ...(absent.length > 0 && { absent }) };
}

async function record(name: string, content: unknown): Promise<void> {
  const path = fileURLToPath(new URL(`../../test/cassandra-stress/recorded/${name}.json`, import.meta.url));
  await writeFile(path, JSON.stringify(content));
  await run('npx', ['prettier', '--write', path], { cwd: root });
}

const baseLine = 'write n=5';
const schemaLines = commandLines.filter((line) => /-schema|-col/.test(String(line)));
const groups: readonly (readonly (readonly string[])[])[] = [
  [['line', ...wordsOf(baseLine)], ...commandLines.map((line) => ['line', ...wordsOf(line)])],
  schemaLines.map((line) => ['schema', ...wordsOf(line)]),
  drawQuestions.map(([spec, seed, count]) => ['draws', spec, seed, String(count)]),
  [...new Set(drawQuestions.map(([spec]) => spec))].map((spec) => ['bounds', spec]),
  byteQuestions.map(([name, size, seed]) => ['bytes', name, size, seed]),
  helpWords.map((words) => ['line', ...words]),
  printSpecs.map((spec) => ['line', 'print', `dist=${spec}`]),
];
const answers = [...(await ask(groups.flat()))];
const [lines, schemas, draws, bounds, bytes, helps, prints] = groups.map((group) =>
  answers.splice(0, group.length),
) as [Answer[], Answer[], Answer[], Answer[], Answer[], Answer[], Answer[]];

const base = sectionsOf(lines[0]!.printed);
await record('command-lines', {
  version,
  base,
  lines: commandLines.map((line, index) => lineOf(line, lines[index + 1]!, base)),
} satisfies RecordedLines);
await record('statements', {
  version,
  rows: schemaLines.flatMap((line, index) =>
    schemas[index]!.code === 0 ? [{ line, text: schemas[index]!.printed }] : [],
  ),
} satisfies RecordedStatements);
await record('data', {
  version,
  draws: drawQuestions.map(([spec, seed], index) => ({
    spec,
    seed,
    values: draws[index]!.printed.split(' ').map(Number),
  })),
  bounds: groups[3]!.map(([, spec], index) => ({
    spec: spec!,
    values: bounds[index]!.printed.split(' ').map(Number),
  })),
  bytes: byteQuestions.map(([name, size, seed], index) => ({ name, size, seed, hex: bytes[index]!.printed })),
} satisfies RecordedData);
await record('help', {
  version,
  help: helpWords.map((words, index) => ({ words, printed: helps[index]!.printed })),
  print: printSpecs.map((spec, index) => ({ spec, printed: prints[index]!.printed })),
} satisfies RecordedHelp);
