import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExecStatement, type ExecStatementParts } from '../../src/statement/exec.ts';
import { GoStatement } from '../../src/statement/go.ts';
import type { StatementReport } from '../../src/statement/report.ts';
import { runScript } from '../../src/statement/run-script.ts';
import type { Statement } from '../../src/statement/statement.ts';
import { WaitStatement } from '../../src/statement/wait.ts';
import { systemClock } from '../../src/stress-client/clock.ts';
import type { StressTest } from '../../src/stress-client/stress-test.ts';
import { SinkTarget } from '../../src/stress-client/target/sink/sink-target.ts';
import { settingsWith, stressTest } from '../support/loads.ts';

const origin = { position: 1, text: '', place: '' };

function exec(script: string, more: Partial<ExecStatementParts> = {}): ExecStatement {
  const args = ['-c', script];
  return new ExecStatement({
    ...origin,
    name: 'sh',
    program: '/bin/sh',
    arguments: args,
    background: false,
    ...more,
  });
}

function execTest(allowed = true): StressTest {
  return stressTest(
    systemClock,
    (clock) => new SinkTarget(clock),
    settingsWith({ Addresses: ['db1:8086', 'db2:8086'] }),
    {
      exec: allowed ? { allowed } : { allowed, reason: 'EXEC needs --allow-exec' },
      runDirectory: '/tmp/run',
    },
  );
}

async function run(statements: Statement[], run = execTest()) {
  await runScript(run, statements);
  await run.close();
  return statements.map((statement) => statement.report(run)) as Extract<StatementReport, { kind: 'exec' }>[];
}

describe('EXEC', () => {
  test('runs a program and keeps its exit code and last lines', async () => {
    const [report] = await run([
      exec('for n in $(seq 1 100); do echo line $n; done; echo wrong >&2; exit 3'),
    ]);
    expect(report).toMatchObject({ outcome: 'failed', exitCode: 3, reason: 'ended with exit code 3' });
    expect(report!.lastLines).toHaveLength(20);
    expect(report!.lastLines).toContain('line 100');
    expect(report!.lastLines).toContain('wrong');
    expect(report!.durationNs).toBeGreaterThan(0);
  });

  test('is refused with the reason, and stops the script', async () => {
    const reports = await run([exec('true'), exec('true')], execTest(false));
    expect(reports).toMatchObject([
      { ran: true, outcome: 'refused', reason: 'EXEC needs --allow-exec' },
      { ran: false, outcome: 'refused', reason: 'the script did not come this far' },
    ]);
  });

  test('is skipped where the script has to go on without it, as in a rehearsal', async () => {
    const reason = 'a rehearsal starts no programs';
    const test = stressTest(systemClock, (clock) => new SinkTarget(clock), settingsWith(), {
      exec: { allowed: false, reason, skipped: true },
    });
    expect(await run([exec('true'), exec('true')], test)).toMatchObject([
      { ran: true, outcome: 'refused', reason },
      { ran: true, outcome: 'refused', reason },
    ]);
    expect(test.stops).toEqual([]);
  });

  test('is refused under GO too, and surfaces at the WAIT', async () => {
    const test = execTest(false);
    await run(
      [new GoStatement(exec('true', { background: true })), new WaitStatement({ ...origin, until: 'all' })],
      test,
    );
    expect(test.stops).toEqual([{ kind: 'statement', reason: 'EXEC /bin/sh: EXEC needs --allow-exec' }]);
  });

  test('arguments stay text: there is no shell', async () => {
    const args = ['; echo pwned', '$(id)', '"quoted"', '*', "it's", 'a\nb'];
    const statement = new ExecStatement({
      ...origin,
      name: 'printf',
      program: '/usr/bin/printf',
      arguments: ['%s|', ...args],
      background: false,
    });
    const [report] = await run([statement]);
    expect(report!.lastLines.join('\n')).toBe(`${args.join('|')}|`);
  });

  test('a program sees a scrubbed environment', async () => {
    process.env['STRESSQL_CANARY'] = 'secret';
    const [report] = await run([exec('env | sort')]);
    delete process.env['STRESSQL_CANARY'];
    const names = report!.lastLines.map((line) => line.split('=')[0]);
    expect(names.filter((name) => !['_', 'PWD', 'SHLVL', 'OLDPWD', 'LANG'].includes(name!))).toEqual([
      'HOME',
      'PATH',
      'STRESSQL_ADDRESSES',
      'STRESSQL_RUN_DIR',
      'STRESSQL_TEST_ID',
    ]);
    expect(report!.lastLines).toContain('STRESSQL_ADDRESSES=db1:8086,db2:8086');
    expect(report!.lastLines).toContain('STRESSQL_RUN_DIR=/tmp/run');
    expect(report!.lastLines).toContain('STRESSQL_TEST_ID=test0001');
  });

  test('a program that is not there', async () => {
    const [report] = await run([exec('', { program: '/no/such/program' })]);
    expect(report).toMatchObject({ outcome: 'failed', reason: 'there is no such program' });
    expect(report!.exitCode).toBeUndefined();
  });

  test('a timeout kills the whole process group', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stressql-exec-'));
    const beats = join(folder, 'beats');
    const grandchild = `(while true; do echo beat >> ${beats}; sleep 0.02; done)`;
    const [report] = await run([exec(`${grandchild} & wait`, { timeoutNs: 300e6 })]);
    expect(report).toMatchObject({ outcome: 'failed', reason: 'was killed after 0.3 s' });
    const { size } = statSync(beats);
    expect(size).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(statSync(beats).size).toBe(size);
    rmSync(folder, { recursive: true });
  });

  test('a child that keeps the output open does not hold the script', async () => {
    const [report] = await run([exec('sleep 5 & echo started $!')]);
    expect(report).toMatchObject({ outcome: 'ok', exitCode: 0 });
    expect(report!.durationNs).toBeLessThan(4e9);
    process.kill(Number(report!.lastLines[0]!.split(' ')[1]), 'SIGKILL');
  });

  test('endless output is bounded, and what could steer a terminal is left out', async () => {
    const [report] = await run([
      exec("printf '\\033[2Jclear\\007\\n'; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end"),
    ]);
    expect(report!.lastLines).toEqual(['[2Jclear', 'x'.repeat(1000), 'end']);
  });

  test('an interrupt ends it', async () => {
    const test = execTest();
    const statement = exec('sleep 60');
    const ended = run([statement], test);
    setTimeout(() => test.interrupt('Ctrl-C'), 100);
    const [report] = await ended;
    expect(report).toMatchObject({ outcome: 'failed', reason: 'was ended with the run' });
  });
});
