import { diagnosticToJson } from '../../lexer/render-diagnostic.ts';
import { alignColumns, alignedLines, type Row } from '../../reporting/columns.ts';
import {
  loadStepsOf,
  type InsertStep,
  type MixStep,
  type PassThroughStep,
  type QueryStep,
  type Step,
} from '../../statement/analyse.ts';
import type { StageOption } from '../../statement/load-options.ts';
import { systemClock } from '../../stress-client/clock.ts';
import { operationsOf } from '../../stress-client/plan.ts';
import { createTarget } from '../../stress-client/target/create-target.ts';
import type { StatementInspection } from '../../stress-client/target/cql/inspect-cql.ts';
import { errorSentence } from '../../stress-client/target/error-sentence.ts';
import type { ServerInfo, TargetError } from '../../stress-client/target/target.ts';
import { formatCount, formatItems, formatPerSecond, formatShare } from '../../stress-client/units.ts';
import { loadProfile } from '../load-profile.ts';
import type { Profile } from '../load-profile.ts';
import { profileOptions } from '../profile-options.ts';
import type { ProfileFlags } from '../profile-options.ts';
import { printTexts } from '../print-texts.ts';
import { countDiagnostics, printDiagnostics } from '../terminal.ts';

export interface CheckOptions extends ProfileFlags {
  readonly connect: boolean;
  readonly format: 'text' | 'json';
}

/** Tells what is wrong with a profile, what it will do, and with --connect whether the target is ready for it. */
export async function checkCommand(paths: readonly string[], options: CheckOptions): Promise<number> {
  const profile = loadProfile(paths, profileOptions(options));
  const connected = options.connect && !profile.hasErrors ? await connect(profile) : undefined;
  if (options.format === 'json') printJson(profile, connected);
  else await printText(profile, connected, options);
  if (profile.hasErrors) return 2;
  if (connected?.error === undefined) return 0;
  return connected.servers.length === 0 ? 3 : 2;
}

interface Connected {
  readonly servers: readonly ServerInfo[];
  /** Databases or keyspaces that are there; undefined where the target can't tell. */
  readonly databases: readonly string[] | undefined;
  /** How INSERTs and QUERYs fit the tables that are there, in the order of the script; of a CQL target. */
  readonly fits: readonly StatementFit[];
  readonly error: TargetError | undefined;
}

interface StatementFit extends StatementInspection {
  readonly step: InsertStep | QueryStep;
  /** The script changes the schema before it, so what is missing now may be there when it runs. */
  readonly afterChanges: boolean;
}

async function connect(profile: Profile): Promise<Connected> {
  const { runSettings } = profile.analysis;
  if (runSettings.Target === 'influx') {
    const { inspectInflux } = await import('../../stress-client/target/influx/inspect-influx.ts');
    const found = await inspectInflux(runSettings, systemClock);
    if ('errorClass' in found) return unreached(found);
    return { ...found, fits: [], error: undefined };
  }
  if (runSettings.Target === 'cql') return connectCql(profile);
  const target = await createTarget(runSettings, systemClock);
  const opened = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
  await target.close();
  if ('errorClass' in opened) return unreached(opened);
  return { servers: opened, databases: undefined, fits: [], error: undefined };
}

async function connectCql(profile: Profile): Promise<Connected> {
  const { runSettings, steps } = profile.analysis;
  const loads = loadsOf(profile);
  const { inspectCql } = await import('../../stress-client/target/cql/inspect-cql.ts');
  const found = await inspectCql(runSettings, systemClock, loads);
  if ('errorClass' in found) return unreached(found);
  const changes = changesOf(steps).map(({ step }) => step.position);
  const fits = found.statements.map((inspection, index) => {
    const step = loads[index]!;
    return { ...inspection, step, afterChanges: changes.some((position) => position < step.position) };
  });
  const wrong = fits.find(isWrong)?.error;
  return { servers: found.servers, databases: found.keyspaces, fits, error: wrong };
}

/** What is missing may be what the script makes. */
function isWrong({ error, afterChanges }: StatementFit): boolean {
  return error !== undefined && !(afterChanges && error.errorClass === 'not-found');
}

function unreached(error: TargetError): Connected {
  return { servers: [], databases: undefined, fits: [], error };
}

/** Pass-through statements that make or destroy something, as they stand in the script. */
function changesOf(
  steps: readonly Step[],
): readonly { readonly what: 'create' | 'drop' | 'change'; readonly step: PassThroughStep }[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'pass-through' || step.skipReason !== undefined) return [];
    const [word = ''] = step.body.trim().toUpperCase().split(/\s+/, 1);
    const what = changingWords[word];
    return what === undefined ? [] : [{ what, step }];
  });
}

const changingWords: Readonly<Record<string, 'create' | 'drop' | 'change'>> = {
  CREATE: 'create',
  DROP: 'drop',
  DELETE: 'drop',
  TRUNCATE: 'drop',
  KILL: 'drop',
  ALTER: 'change',
  GRANT: 'change',
  REVOKE: 'change',
  SET: 'change',
  UPDATE: 'change',
  INSERT: 'change',
  BEGIN: 'change',
};

function loadsOf(profile: Profile): readonly (InsertStep | QueryStep)[] {
  return loadStepsOf(profile.analysis.steps);
}

async function printText(
  profile: Profile,
  connected: Connected | undefined,
  options: CheckOptions,
): Promise<void> {
  printDiagnostics(profile.diagnostics, profile.files.sources, options);
  if (profile.hasErrors) return;
  await printTexts(linesOf(profile, connected));
}

/** Each with its line end. */
function* linesOf(profile: Profile, connected: Connected | undefined): Generator<string> {
  const { steps } = profile.analysis;
  if (loadsOf(profile).length > 0) {
    for (const line of alignedLines(loadTable(steps))) yield `${line}\n`;
    yield '\n';
  }
  if (connected !== undefined) for (const line of connectedLines(profile, connected)) yield `${line}\n`;
  const found = [
    countDiagnostics(profile.diagnostics),
    ...(connected === undefined ? [] : verdictOf(connected)),
  ];
  yield `${formatItems(steps.length, 'statement')}: ${found.join('; ')}\n`;
}

function loadTable(steps: readonly Step[]): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      yield ['statement', 'items', 'series', 'batch', 'requests', 'requests/s'];
      for (const step of steps) {
        if (step.kind === 'insert' || step.kind === 'query') yield loadRow(step);
        if (step.kind !== 'mix') continue;
        yield mixRow(step);
        for (const member of step.members) yield memberRow(member);
      }
    },
  };
}

function loadRow(step: InsertStep | QueryStep): string[] {
  const {
    text,
    batchSize,
    options: { items, stages, written },
  } = step;
  return [
    text,
    formatCount(items),
    step.kind === 'query' ? '' : formatCount(step.seriesCardinality),
    formatCount(batchSize),
    ...(written
      ? ['none', 'WRITTEN']
      : [formatCount(operationsOf(items, batchSize)), requestRates(stages, 1 / batchSize)]),
  ];
}

function requestRates(stages: readonly StageOption[], requestsPerItem: number): string {
  if (stages.length === 0) return 'as answered';
  const rates = stages.flatMap(({ rate, toRate }) => (toRate === undefined ? [rate] : [rate, toRate]));
  return rates.map((rate) => formatPerSecond(rate * requestsPerItem)).join(' → ');
}

function mixRow({ text, options: { items, stages } }: MixStep): string[] {
  return [text, '', '', '', formatCount(items), requestRates(stages, 1)];
}

/** A member, with about what its weight makes. */
function memberRow(step: InsertStep | QueryStep): string[] {
  const { text, batchSize, mix, options } = step;
  const { share } = mix!;
  const operations = Math.round((options.items / batchSize) * share);
  return [
    `  ${text}, ${formatShare(share)}`,
    formatCount(operations * batchSize),
    step.kind === 'query' ? '' : formatCount(step.seriesCardinality),
    formatCount(batchSize),
    formatCount(operations),
    requestRates(options.stages, share),
  ];
}

function connectedLines(profile: Profile, { servers, databases, fits, error }: Connected): string[] {
  if (error !== undefined && servers.length === 0) {
    return [`cannot reach the target: ${errorSentence(error)}`, ''];
  }
  const changes = changesOf(profile.analysis.steps).map(({ what, step }) => [
    `will ${what}`,
    step.text,
    step.place,
    ...whetherThere(step.body, databases),
  ]);
  return [
    ...alignColumns(
      servers.map(({ address, product }) => [address, product]),
      new Set([0, 1]),
    ),
    ...alignColumns(changes, new Set([0, 1, 2, 3])),
    ...fits.flatMap(fitLines),
    '',
  ];
}

/** What the target has to say against the script, where it has. */
function verdictOf({ servers, fits, error }: Connected): string[] {
  if (error === undefined) return [];
  if (servers.length === 0) return ['the target was not reached'];
  return [`${formatItems(fits.filter(isWrong).length, 'statement')} would be refused by the target`];
}

/** What a statement would meet now; nothing where it fits as it is. */
function fitLines(fit: StatementFit): string[] {
  const { step, error, warnings, wouldCreate } = fit;
  const where = `${step.text}  ${step.place}`;
  const told = [
    ...wouldCreate.map((text) => `would run ${text}`),
    ...warnings.map((sentence) => `warning: ${sentence}`),
  ];
  if (error !== undefined) {
    told.push(
      isWrong(fit)
        ? `error: ${errorSentence(error)}`
        : `not there yet: ${error.message}; the script changes the schema before it`,
    );
  }
  return told.length === 0 ? [] : [where, ...told.map((line) => `  ${line}`)];
}

/** Of a statement about a database or keyspace: whether there is one now. */
function whetherThere(body: string, databases: readonly string[] | undefined): string[] {
  const [, kind = '', quoted, bare] =
    /^\s*(?:CREATE|DROP)\s+(DATABASE|KEYSPACE)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:"([^"]+)"|([^\s;"]+))/i.exec(
      body,
    ) ?? [];
  const what = kind.toLowerCase();
  const name = quoted ?? (what === 'keyspace' ? bare?.toLowerCase() : bare);
  if (databases === undefined || name === undefined) return [];
  return [databases.includes(name) ? `${what} ${name} is there` : `no ${what} ${name} yet`];
}

function printJson(profile: Profile, connected: Connected | undefined): void {
  const { steps } = profile.analysis;
  const document = {
    schemaVersion: 1,
    ok: !profile.hasErrors && connected?.error === undefined,
    diagnostics: profile.diagnostics.map((each) => diagnosticToJson(each, profile.files.sources)),
    statements: steps.map(({ kind, position, place, text }) => ({ kind, position, place, text })),
    loads: loadsOf(profile).map(loadToJson),
    ...(connected && {
      servers: connected.servers,
      ...(connected.error && { connectError: connected.error }),
      ...(connected.databases && { databases: connected.databases }),
      changes: changesOf(steps).map(({ what, step }) => ({ what, text: step.text, place: step.place })),
      fits: connected.fits.map(({ step, error, warnings, wouldCreate }) => ({
        name: step.name,
        position: step.position,
        ...(error && { error }),
        warnings,
        wouldCreate,
      })),
    }),
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

function loadToJson(step: InsertStep | QueryStep) {
  const { name, position, batchSize, seriesCardinality, options, mix } = step;
  const { items, stages, written } = options;
  const requests = Math.round(operationsOf(items, batchSize) * (mix?.share ?? 1));
  // A MIX is paced by operations, anything else by items.
  const perSecond = (rate: number): number => (mix === undefined ? rate / batchSize : rate * mix.share);
  return {
    name,
    position,
    ...(mix !== undefined && { mix: mix.name, share: mix.share }),
    items: bounded(mix === undefined ? items : requests * batchSize),
    seriesCardinality: bounded(seriesCardinality),
    batchSize,
    requests: written ? 0 : bounded(requests),
    requestsPerSecond: stages.map(({ rate, toRate = rate }) => [perSecond(rate), perSecond(toRate)]),
  };
}

/** JSON has no Infinity: null is unbounded. */
function bounded(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}
