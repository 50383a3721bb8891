import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseCount, parseDuration } from '../lexer/scalar.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

/*
 * Commands import what they do only when they are called: `check` of a small script should not wait for the
 * driver of a database.
 */

function parameter(text: string, given: Map<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=value');
  return new Map(given).set(text.slice(0, at), text.slice(at + 1));
}

function count(text: string): number {
  const value = parseCount(text);
  if (value === undefined || value > Number.MAX_SAFE_INTEGER)
    throw new InvalidArgumentError('expected a whole number');
  return value;
}

function measuredSeconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0.1 && value <= 3600)) throw new InvalidArgumentError('expected 0.1 to 3600 seconds');
  return value;
}

function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('expected seconds, such as 90');
  return value;
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined || value < 1e6) throw new InvalidArgumentError('expected a duration such as 1s');
  return value;
}

function words(text: string, given: readonly string[] = []): readonly string[] {
  return [...given, text];
}

function instant(text: string): number {
  const value = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('expected an instant such as 2026-11-22T10:00:00Z');
  return value;
}

function testId(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text)) {
    throw new InvalidArgumentError('expected 1 to 64 letters, digits, _ or -');
  }
  return text;
}

/** Options of every command that reads a profile. */
function readsProfile(command: Command): Command {
  return command
    .argument('<profile...>', 'script files, run as one; - is the standard input')
    .option('-p, --parameter <NAME=value>', 'value of ${NAME} in the script; may be given again', parameter)
    .option('--seed <number>', 'seed of every generated value, in place of SET Seed', count)
    .option(
      '--start-at <instant>',
      'start of the run (StartDate [now] is this instant); waits for it where it is to come',
      instant,
    )
    .addOption(
      new Option('--compat <tool>', 'what influx stress v2 did rather than documented').choices([
        'influx-v2',
      ]),
    );
}

function program(): Command {
  const stressql = new Command('stressql')
    .description('A load-test language for InfluxDB, ScyllaDB and Cassandra, and its engine.')
    .version(version, '--version', 'print the version')
    .option('--no-color', 'no colours; NO_COLOR in the environment does the same')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(stressql --help shows what there is)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Exit codes: 0 ok; 1 an EXPECT, the error limit, or a statement that stopped the script; 2 script or usage;
3 target unreachable; 4 incomplete; 5 run invalid; 130 and 143 interrupted.

Example:
  stressql run examples/quickstart.sql --rehearse`,
    );

  readsProfile(stressql.command('run'))
    .description('run a profile and report every statement')
    .option(
      '--rehearse',
      'run against a practice server in this process: no database, nothing contacted',
      false,
    )
    .option('--out <folder>', 'where the run’s folder is made', 'stressql-runs')
    .option('--test-id <id>', 'identity of the run in results, in place of 8 random characters', testId)
    .option('--allow-exec', 'let EXEC start programs', false)
    .addOption(
      new Option(
        '--ui <how>',
        'while it runs: nothing, a line a statement and interval, or the live view',
      ).choices(['off', 'lines', 'live']),
    )
    .option('--quiet', 'as --ui off; the report is printed all the same', false)
    .option('--report <address>', 'reporting InfluxDB, in place of SET ReportAddress')
    .option('--no-report', 'send results to no reporting InfluxDB')
    .option(
      '--expect <checks>',
      'checks besides the script’s, of all INSERTs and QUERYs or ‘name: …’ of one; may be given again',
      words,
    )
    .addHelpText('after', '\nExample:\n  stressql run examples/cpu-fleet.sql -p HOSTS=10000 --out runs')
    .action(async (paths, _, command: Command) => {
      const { LoadThreads } = await import('./load-threads.ts');
      const threads = new LoadThreads();
      try {
        const { runCommand } = await import('./commands/run.ts');
        process.exitCode = await runCommand(paths, command.optsWithGlobals(), threads);
      } finally {
        await threads.end();
      }
    });

  readsProfile(stressql.command('check'))
    .description('tell every error and warning of a profile, without the network')
    .option('--connect', 'also reach every address, log in, and say what the run would create or drop', false)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample:\n  stressql check examples/cpu-fleet.sql --connect')
    .action(async (paths, _, command: Command) => {
      const { checkCommand } = await import('./commands/check.ts');
      process.exitCode = await checkCommand(paths, command.optsWithGlobals());
    });

  stressql
    .command('fmt')
    .argument('<profile...>', 'script files; - is the standard input')
    .description('print profiles in canonical layout, comments kept')
    .option('--write', 'change the files instead of printing', false)
    .option('--check', 'change nothing; exit 1 where a file is not in canonical layout', false)
    .addHelpText('after', '\nExample:\n  stressql fmt --write examples/*.sql')
    .action(async (paths, _, command: Command) => {
      const { formatCommand } = await import('./commands/fmt.ts');
      process.exitCode = formatCommand(paths, command.optsWithGlobals());
    });

  readsProfile(stressql.command('preview'))
    .description('show what a profile would write and ask: points, series, bytes, time span, distributions')
    .option('--points <n>', 'points shown of every INSERT and QUERY', count, 5)
    .addHelpText('after', '\nExample:\n  stressql preview examples/devices.sql --points 10')
    .action(async (paths, _, command: Command) => {
      const { previewCommand } = await import('./commands/preview.ts');
      process.exitCode = previewCommand(paths, command.optsWithGlobals());
    });

  readsProfile(stressql.command('calibrate'))
    .description('measure what this machine can offer of a profile’s statements, against no database')
    .option('--seconds <n>', 'how long each statement is measured against each target', measuredSeconds, 1)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample:\n  stressql calibrate examples/cpu-fleet.sql --seconds 5')
    .action(async (paths, _, command: Command) => {
      const { calibrateCommand } = await import('./commands/calibrate.ts');
      process.exitCode = await calibrateCommand(paths, command.optsWithGlobals());
    });

  stressql
    .command('parse')
    .argument('<profile...>', 'script files, read as one; - is the standard input')
    .description('print the syntax tree')
    .addOption(new Option('--format <format>', 'how to print').choices(['json', 'text']).default('json'))
    .addOption(
      new Option('--compat <tool>', 'what influx stress v2 did rather than documented').choices([
        'influx-v2',
      ]),
    )
    .addHelpText('after', '\nExample:\n  stressql parse --format json examples/quickstart.sql')
    .action(async (paths, _, command: Command) => {
      const { parseCommand } = await import('./commands/parse.ts');
      process.exitCode = await parseCommand(paths, command.optsWithGlobals());
    });

  writesOutput(stressql.command('report'))
    .argument('[run]', 'folder of a run')
    .description('the report of a run in a format; of a killed one up to its last interval')
    .addOption(
      new Option('--format <format>', 'text, or for programs, spreadsheets, pull requests and browsers')
        .choices(['text', 'json', 'csv', 'md', 'html'])
        .default('text'),
    )
    .option('--intervals', 'csv: a row a statement and interval', false)
    .addOption(
      new Option('--from <source>', 'read the run from the reporting InfluxDB alone').choices(['influx']),
    )
    .option('--test-id <id>', 'which run of the reporting InfluxDB', testId)
    .option('--report <address>', 'the reporting InfluxDB, in place of localhost:8086')
    .addHelpText(
      'after',
      `
Examples:
  stressql report stressql-runs/2026-11-22T10-00-00Z-k3x9w2ab
  stressql report stressql-runs/2026-11-22T10-00-00Z-k3x9w2ab --format html --output report.html
  stressql report --from influx --test-id k3x9w2ab`,
    )
    .action(async (folder, _, command: Command) => {
      const { reportCommand } = await import('./commands/report.ts');
      process.exitCode = await reportCommand(folder, command.optsWithGlobals());
    });

  writesOutput(stressql.command('compare'))
    .argument('<run...>', 'folders of runs, or their test ids; the first is the baseline')
    .description('compare runs statement by statement, and say what can’t be told apart')
    .addOption(
      new Option('--format <format>', 'text, or for programs, pull requests and browsers')
        .choices(['text', 'json', 'md', 'html'])
        .default('text'),
    )
    .addOption(
      new Option('--from <source>', 'read runs, named by test id, from the reporting InfluxDB').choices([
        'influx',
      ]),
    )
    .option('--report <address>', 'the reporting InfluxDB, in place of localhost:8086')
    .option(
      '--fail-if <condition>',
      'exit 1 where a change is beyond a limit, such as p99 > +10%; may be given again',
      (text: string, given: readonly string[]) => [...given, text],
      [],
    )
    .addOption(
      new Option(
        '--fail-when <rule>',
        'sure: the whole 95 % interval of the change is beyond the limit; estimate: the change is',
      )
        .choices(['sure', 'estimate'])
        .default('sure'),
    )
    .option('--allow-invalid', 'judge conditions on invalid runs, too, in place of exit 5', false)
    .addHelpText(
      'after',
      `
A condition is [statement:][clock.]metric < or > percent: p99 > +10%, throughput < -5%,
load:service.p50 > +3%, error_rate > +0.1% (percentage points).

Exit codes: 0 ok; 1 a condition is met, or can’t be judged; 2 usage; 3 the reporting InfluxDB can’t be read;
5 no condition is met, but a run is invalid, so that its figures decide nothing.

Example:
  stressql compare stressql-runs/before stressql-runs/after --fail-if 'p99 > +10%'`,
    )
    .action(async (folders, _, command: Command) => {
      const { compareCommand } = await import('./commands/compare.ts');
      process.exitCode = await compareCommand(folders, command.optsWithGlobals());
    });

  stressql
    .command('push')
    .argument('<run>', 'folder of a run')
    .description('send a run to the reporting InfluxDB; twice changes nothing')
    .option('--report <address>', 'reporting InfluxDB, in place of the run’s own')
    .addHelpText(
      'after',
      `
A login that run folders do not keep is read from STRESSQL_REPORT_PASSWORD or STRESSQL_REPORT_TOKEN.

Example:
  stressql push stressql-runs/2026-11-22T10-00-00Z-k3x9w2ab --report influx.example.com:8086`,
    )
    .action(async (folder, _, command: Command) => {
      const { pushCommand } = await import('./commands/push.ts');
      process.exitCode = await pushCommand(folder, command.optsWithGlobals());
    });

  // `main` takes its words before they come here.
  stressql
    .command('cassandra-stress')
    .argument('[words...]')
    .description('do what cassandra-stress does with these words, and print what it prints');

  const hdr = stressql
    .command('hdr')
    .description(
      'HDR interval logs: of run folders (results.hlog), of cassandra-stress, of others in nanoseconds',
    )
    .helpCommand(false);

  writesOutput(hdr.command('merge'))
    .argument('<log...>', 'logs, or folders, of several machines or runs')
    .description('make one log of several: histograms are added, percentiles never averaged')
    .addOption(
      new Option('--align <how>', 'by the clock (machines of one run), or each from its start (runs)')
        .choices(['clock', 'start'])
        .default('clock'),
    )
    .option('--interval <duration>', 'length of an interval of the result', duration, duration('1s'))
    .addHelpText('after', '\nExample:\n  stressql hdr merge a/results.hlog b/results.hlog --output all.hlog')
    .action(async (paths, _, command: Command) => {
      const { hdrMergeCommand } = await import('./commands/hdr.ts');
      process.exitCode = await hdrMergeCommand(paths, command.optsWithGlobals());
    });

  selectsOfLogs(hdr.command('print'))
    .argument('<log...>', 'logs, or folders of runs, taken together')
    .description('print the figures of each tag')
    .addOption(
      new Option('--format <format>', 'how to print; percentiles is what HdrHistogram’s plotters read')
        .choices(['text', 'csv', 'json', 'percentiles'])
        .default('text'),
    )
    .addHelpText('after', '\nExample:\n  stressql hdr print stressql-runs/*')
    .action(async (paths, _, command: Command) => {
      const { hdrPrintCommand } = await import('./commands/hdr.ts');
      process.exitCode = await hdrPrintCommand(paths, command.optsWithGlobals());
    });

  selectsOfLogs(hdr.command('diff'))
    .argument('<one>', 'a log')
    .argument('<other>', 'the log that is held against it')
    .description('print two logs side by side')
    .addHelpText('after', '\nExample:\n  stressql hdr diff before.hlog after.hlog --from 10')
    .action(async (one, other, _, command: Command) => {
      const { hdrDiffCommand } = await import('./commands/hdr.ts');
      process.exitCode = await hdrDiffCommand(one, other, command.optsWithGlobals());
    });

  stressql
    .command('list')
    .argument('[folder]', 'where run folders are, at any depth', 'stressql-runs')
    .description('list the runs below a folder, oldest first')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExample:\n  stressql list stressql-runs')
    .action(async (folder, _, command: Command) => {
      const { listCommand } = await import('./commands/list.ts');
      process.exitCode = await listCommand(folder, command.optsWithGlobals());
    });

  const grafana = stressql.command('grafana').description('show runs in Grafana');
  grafana
    .command('init')
    .argument('<folder>', 'folder that is made')
    .description('write data source, dashboards and their provisioning for a Grafana of your own')
    .option('--report <address>', 'reporting InfluxDB as Grafana reaches it, in place of localhost:8086')
    .option('--token', 'it takes a token, not a user and a password', false)
    .addHelpText(
      'after',
      `
No login is written: Grafana reads it from its environment, as STRESSQL_REPORT_USERNAME and STRESSQL_REPORT_PASSWORD,
or STRESSQL_REPORT_TOKEN. STRESSQL_REPORT_DATABASE and STRESSQL_REPORT_BUCKET say which database it is.

Example:
  stressql grafana init ~/stressql-grafana --report influx.example.com:8086`,
    )
    .action(async (folder, _, command: Command) => {
      const { grafanaInitCommand } = await import('./commands/grafana-init.ts');
      process.exitCode = await grafanaInitCommand(folder, command.optsWithGlobals());
    });

  return stressql;
}

/** Options of every command that makes what someone may want to keep. */
function writesOutput(command: Command): Command {
  return command
    .option(
      '--output <file>',
      'where to write it, in place of the standard output; no existing file is replaced',
    )
    .option('--force', 'replace an existing file, once the new one is whole', false);
}

/** Options of every command that looks at part of logs. */
function selectsOfLogs(command: Command): Command {
  return command
    .option('--tag <tag>', 'only this one; may be given again', words)
    .option('--from <seconds>', 'intervals that begin so long after the log’s first, or later', seconds)
    .option('--to <seconds>', 'intervals that end so long after the log’s first, or sooner', seconds);
}

/** The command line: sets `process.exitCode`, and formats what went wrong once, here. */
export async function main(words: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  // Nor is progress that nobody reads a reason to end a run.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    // Its words follow rules of their own.
    if (words[0] === 'cassandra-stress') {
      const { cassandraStressCommand } = await import('./commands/cassandra-stress.ts');
      process.exitCode = await cassandraStressCommand(words.slice(1));
      return;
    }
    await program().parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof UsageError) {
      process.stderr.write(`stressql: ${error.message}\n`);
      process.exitCode = 2;
    } else {
      throw error;
    }
  }
}
