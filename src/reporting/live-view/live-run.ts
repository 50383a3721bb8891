import type { Interval, RunEvent, StatementInterval, StatementResult } from '../../stress-client/results.ts';
import type { StressTest } from '../../stress-client/stress-test.ts';
import { timeFiguresOf } from '../../stress-client/time-figures.ts';
import { pluralOf } from '../../stress-client/units.ts';
import { runStatesOf } from '../run-states.ts';
import { endedText } from './ended-text.ts';
import { nameOf, statementFigures, type StatementFigures } from './statement-figures.ts';

/** What a live view asks the hub, and tells it. */
export type LiveTest = Pick<
  StressTest,
  | 'testId'
  | 'settings'
  | 'clock'
  | 'stops'
  | 'isHeld'
  | 'running'
  | 'resultOf'
  | 'rateOf'
  | 'hold'
  | 'changeRate'
  | 'endStatement'
>;

/** An INSERT, QUERY or MIX that has not ended, or a member of a MIX. */
export interface LiveRow {
  /** What `StressTest` knows it by; of a MIX one of its members’. */
  readonly statementId: string;
  readonly name: string;
  /** A member stands under its MIX, and is not to be chosen alone. */
  readonly role: 'statement' | 'mix' | 'member';
  readonly state: 'waiting' | 'running' | 'held' | 'draining';
  /** Undefined until the first interval. */
  readonly figures: LiveFigures | undefined;
}

/** Of the latest interval, and of those before it. */
export interface LiveFigures extends Omit<StatementFigures, 'name'> {
  /** A plural, such as `points`. */
  readonly unit: string;
  /** A second; undefined in a closed model. */
  readonly offered: number | undefined;
  /** Since its start, where `StatementFigures` has those of the interval. */
  readonly errors: number;
  /** A value an interval, the newest last: items a second, and nanoseconds. */
  readonly throughputs: readonly number[];
  readonly p99sNs: readonly (number | undefined)[];
}

/** What the head of the view says of the run. */
export interface RunHead {
  readonly testId: string;
  readonly testName: string;
  readonly target: string;
  readonly elapsedNs: number;
  readonly states: readonly string[];
  readonly isHeld: boolean;
  readonly inFlight: number;
  /** Of the latest interval: the highest of any statement; undefined where nothing is paced. */
  readonly latenessNs: number | undefined;
  /** Longest time in which a load thread's event loop stood still. */
  readonly pauseNs: number | undefined;
}

interface Load {
  readonly identity: StatementInterval['identity'];
  readonly figures: LiveFigures;
  readonly operationsDone: number;
  readonly inFlight: number;
  readonly latenessNs: number | undefined;
}

/** More intervals than a terminal shows. */
const intervalsAtMost = 200;
/** A statement's marks take a look at all of its times: so many are looked at an interval, in turn. */
const markedAtMost = 20;

/** What a live view knows of a run: what the hub has told, kept as far as it is shown. */
export class LiveRun {
  readonly #test: LiveTest;
  readonly #rehearsal: boolean;
  readonly #loads = new Map<string, Load>();
  readonly #ended: string[] = [];
  readonly #endedIds = new Set<string>();
  /** The latest marks of statements that were looked at, where there are any. */
  readonly #marks = new Map<
    string,
    { readonly text: string; readonly result: Pick<StatementResult, 'marks'> }
  >();
  #lookedAt = 0;
  /** When load was held; a pause that lasts ends at Infinity. */
  readonly #pauses = new Map<number, number>();
  /** Statements that were told to end. */
  readonly #ending = new Set<string>();
  #pauseNs: number | undefined;

  constructor(test: LiveTest, rehearsal: boolean) {
    this.#test = test;
    this.#rehearsal = rehearsal;
  }

  interval(interval: Interval): void {
    this.#pauseNs = interval.clientPauseNs;
    for (const statement of interval.statements) {
      const { statementId } = statement.identity;
      // What has ended tells once more.
      if (this.#endedIds.has(statementId)) continue;
      this.#loads.set(statementId, this.#loadOf(interval, statement, this.#loads.get(statementId)));
    }
    this.#lookAtMarks();
  }

  statementEnded(result: StatementResult): void {
    const { statementId } = result.identity;
    this.#loads.delete(statementId);
    this.#ending.delete(statementId);
    this.#ended.push(endedText(result));
    this.#endedIds.add(statementId);
    this.#keepMarks(result);
  }

  event({ kind, statementId, startNs, endNs }: RunEvent): void {
    if (kind === 'pause') this.#pauses.set(startNs, endNs ?? Infinity);
    if (kind === 'end' && statementId !== undefined) this.#ending.add(statementId);
  }

  /** What came of those that have ended, a line each, in the order in which they did. */
  get ended(): readonly string[] {
    return this.#ended;
  }

  /** In script order; a MIX before its members. */
  get rows(): readonly LiveRow[] {
    const all = this.#test.running
      .map((part) => ({ ...part, load: this.#loads.get(part.identity.statementId) }))
      .toSorted((one, other) => one.identity.position - other.identity.position);
    const rows: LiveRow[] = [];
    for (let at = 0; at < all.length;) {
      const { mix } = all[at]!.identity;
      let end = at + 1;
      if (mix !== undefined) while (end < all.length && all[end]!.identity.mix === mix) end++;
      const members = all.slice(at, end);
      if (mix !== undefined) rows.push(this.#mixRow(mix, members));
      for (const part of members) rows.push(this.#row(part));
      at = end;
    }
    return rows;
  }

  get head(): RunHead {
    const { testId, settings, clock, stops, isHeld } = this.#test;
    const loads = [...this.#loads.values()];
    const lates = loads.flatMap(({ latenessNs }) => (latenessNs === undefined ? [] : [latenessNs]));
    const states = runStatesOf({
      rehearsal: this.#rehearsal,
      statements: [...this.#marks.values()],
      lost: [],
      endedEarly: stops[0]?.reason,
    });
    const target = [settings.Target, settings.Target === 'sink' ? '' : (settings.Addresses[0] ?? '')];
    return {
      testId,
      testName: settings.TestName,
      target: target.filter((word) => word !== '').join(' '),
      elapsedNs: clock.nowNs(),
      states: [...new Set(states.map(({ state }) => state))],
      isHeld,
      inFlight: loads.reduce((sum, { inFlight }) => sum + inFlight, 0),
      latenessNs: lates.length === 0 ? undefined : Math.max(...lates),
      pauseNs: this.#pauseNs,
    };
  }

  #loadOf(interval: Interval, statement: StatementInterval, before: Load | undefined): Load {
    const { identity, tally, offered, inFlight, progress } = statement;
    const startNs = interval.endNs - progress.elapsedNs;
    const { name: _, ...figures } = statementFigures(
      interval,
      statement,
      this.#heldNs(startNs, interval.endNs),
    );
    const seconds = (interval.endNs - interval.startNs) / 1e9;
    const late = timeFiguresOf(tally.times.lateness, 0);
    return {
      identity,
      figures: {
        ...figures,
        unit: pluralOf(statement.itemName),
        offered,
        errors: (before?.figures.errors ?? 0) + figures.errors,
        throughputs: [...(before?.figures.throughputs ?? []), figures.achieved].slice(-intervalsAtMost),
        p99sNs: [...(before?.figures.p99sNs ?? []), figures.p99Ns].slice(-intervalsAtMost),
      },
      operationsDone: seconds > 0 ? tally.operations.acknowledged / seconds : 0,
      inFlight,
      latenessNs: late?.percentilesNs.p99,
    };
  }

  #heldNs(fromNs: number, untilNs: number): number {
    let heldNs = 0;
    for (const [startNs, endNs] of this.#pauses)
      heldNs += Math.max(0, Math.min(endNs, untilNs) - Math.max(startNs, fromNs));
    return heldNs;
  }

  /** Some of the running statements; those of few statements every interval. */
  #lookAtMarks(): void {
    const loads = [...this.#loads.values()];
    for (let looks = 0; looks < Math.min(markedAtMost, loads.length); looks++) {
      const { identity } = loads[this.#lookedAt++ % loads.length]!;
      const result = this.#test.resultOf(identity.statementId);
      if (result !== undefined) this.#keepMarks(result);
    }
  }

  #keepMarks({ identity, marks }: StatementResult): void {
    if (marks.length === 0) this.#marks.delete(identity.statementId);
    else this.#marks.set(identity.statementId, { text: nameOf(identity), result: { marks } });
  }

  #row(part: Part): LiveRow {
    const { identity, load } = part;
    const { statementId, mix } = identity;
    return {
      statementId,
      name: nameOf(identity),
      role: mix === undefined ? 'statement' : 'member',
      state: this.#stateOf([part]),
      figures: load?.figures,
    };
  }

  /** What its members come to together; their times stay theirs. */
  #mixRow(mix: string, members: readonly Part[]): LiveRow {
    const { statementId } = members[0]!.identity;
    const loads = members.flatMap(({ load }) => (load === undefined ? [] : [load]));
    const row = { statementId, name: nameOf({ kind: 'mix', name: mix }), role: 'mix' } as const;
    const state = this.#stateOf(members);
    if (loads.length === 0) return { ...row, state, figures: undefined };
    const of = (figure: (load: Load) => number): number => loads.reduce((sum, load) => sum + figure(load), 0);
    const known = (values: readonly (number | undefined)[]): number | undefined => {
      const numbers = values.filter((value) => value !== undefined);
      return numbers.length === 0 ? undefined : Math.max(...numbers);
    };
    const [longest] = loads.map(({ figures }) => figures.throughputs.length).toSorted((a, b) => b - a);
    return {
      ...row,
      state,
      figures: {
        unit: 'operations',
        achieved: of(({ operationsDone }) => operationsDone),
        offered: this.#test.rateOf(statementId),
        p50Ns: undefined,
        p99Ns: undefined,
        errors: of(({ figures }) => figures.errors),
        share: known(loads.map(({ figures }) => figures.share)),
        leftNs: known(loads.map(({ figures }) => figures.leftNs)),
        throughputs: Array.from({ length: longest! }, (_, at) =>
          of(({ figures }) => figures.throughputs.at(at - longest!) ?? 0),
        ),
        p99sNs: [],
      },
    };
  }

  #stateOf(parts: readonly Part[]): LiveRow['state'] {
    if (!parts.some(({ hasBegun }) => hasBegun)) return 'waiting';
    const over = ({ identity, load }: Part): boolean =>
      this.#ending.has(identity.statementId) || load?.figures.share === 1;
    if (this.#test.stops.length > 0 || parts.every(over)) return 'draining';
    return this.#test.isHeld ? 'held' : 'running';
  }
}

interface Part {
  readonly identity: StatementInterval['identity'];
  readonly hasBegun: boolean;
  readonly load: Load | undefined;
}
