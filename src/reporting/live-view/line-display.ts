import type { Interval, ResultSink, StatementInterval } from '../../stress-client/results.ts';
import { formatDuration, formatItems, formatPerSecond, pluralOf } from '../../stress-client/units.ts';
import { formatLeft, formatPercent } from './left-text.ts';
import { statementFigures } from './statement-figures.ts';

/** Shows how running statements come on where lines can't be drawn again: a line each every interval, or none. */
export class LineDisplay implements ResultSink {
  readonly name = 'terminal';
  readonly #stream: NodeJS.WritableStream;
  readonly #quiet: boolean;

  /** `quiet`: shows nothing; text given to `print` still passes. */
  constructor({ stream, quiet }: { readonly stream: NodeJS.WritableStream; readonly quiet: boolean }) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  interval(interval: Interval): void {
    if (this.#quiet) return;
    // In script order, whichever began first.
    const statements = interval.statements.toSorted((a, b) => a.identity.position - b.identity.position);
    for (const statement of statements) this.#stream.write(`${lineOf(interval, statement)}\n`);
  }

  /** The next interval no longer has it. */
  statementEnded(): void {}

  print(text: string): void {
    this.#stream.write(text);
  }

  close(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

function lineOf(interval: Interval, statement: StatementInterval): string {
  const { name, achieved, p50Ns, p99Ns, errors, share, leftNs } = statementFigures(interval, statement);
  const time = (ns: number | undefined): string => (ns === undefined ? '-' : formatDuration(ns));
  const left = leftNs === undefined ? '' : `, ${formatLeft(leftNs)} left`;
  const done = share === undefined ? '' : `, ${formatPercent(share)}${left}`;
  return (
    `${formatDuration(interval.endNs)}  ${name}: ${formatPerSecond(achieved)} ${pluralOf(statement.itemName)}/s, ` +
    `p50 ${time(p50Ns)}, p99 ${time(p99Ns)}, ${formatItems(errors, 'error')}${done}`
  );
}
