import { diagnosticToJson } from '../../lexer/render-diagnostic.ts';
import { alignColumns } from '../../reporting/columns.ts';
import type { InsertStep, PassThroughStep, QueryStep, Step } from '../../statement/analyse.ts';
import { systemClock } from '../../stress-client/clock.ts';
import { operationsOf } from '../../stress-client/plan.ts';
import { createTarget } from '../../stress-client/target/create-target.ts';
import { inspectInflux } from '../../stress-client/target/influx/inspect-influx.ts';
import type { ServerInfo, TargetError } from '../../stress-client/target/target.ts';
import { formatCount, formatItems, formatPerSecond } from '../../stress-client/units.ts';
import { loadProfile } from '../load-profile.ts';
import type { Profile } from '../load-profile.ts';
import { profileOptions } from '../profile-options.ts';
import type { ProfileFlags } from '../profile-options.ts';
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
  else printText(profile, connected, options);
  if (profile.hasErrors) return 2;
  return connected?.error === undefined ? 0 : 3;
}

interface Connected {
  readonly servers: readonly ServerInfo[];
  /** Databases that are there; undefined where the target can't tell. */
  readonly databases: readonly string[] | undefined;
  readonly error: TargetError | undefined;
}

async function connect({ analysis: { runSettings } }: Profile): Promise<Connected> {
  if (runSettings.Target === 'influx') {
    const found = await inspectInflux(runSettings, systemClock);
    if ('errorClass' in found) return { servers: [], databases: undefined, error: found };
    return { ...found, error: undefined };
  }
  const target = await createTarget(runSettings, systemClock);
  const opened = await target.open({ answered() {}, lateAnswer() {}, reprepared() {} });
  await target.close();
  const failed = 'errorClass' in opened;
  return { servers: failed ? [] : opened, databases: undefined, error: failed ? opened : undefined };
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
  return profile.analysis.steps.filter((step) => step.kind === 'insert' || step.kind === 'query');
}

function printText(profile: Profile, connected: Connected | undefined, options: CheckOptions): void {
  printDiagnostics(profile.diagnostics, profile.files.sources, options);
  if (profile.hasErrors) return;
  const loads = loadsOf(profile);
  const lines: string[] = [];
  if (loads.length > 0) {
    const head = ['statement', 'items', 'series', 'batch', 'requests', 'requests/s'];
    lines.push(...alignColumns([head, ...loads.map(loadRow)]), '');
  }
  if (connected !== undefined) lines.push(...connectedLines(profile, connected));
  lines.push(
    `${formatItems(profile.analysis.steps.length, 'statement')}: ${countDiagnostics(profile.diagnostics)}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

function loadRow({ text, options: { items, stages }, plan }: InsertStep | QueryStep): string[] {
  const rates = stages.flatMap(({ rate, toRate }) => (toRate === undefined ? [rate] : [rate, toRate]));
  const requests = rates.map((rate) => formatPerSecond(rate / plan.batchSize));
  return [
    text,
    formatCount(items),
    plan.kind === 'query' ? '' : formatCount(plan.seriesCardinality),
    formatCount(plan.batchSize),
    formatCount(operationsOf(items, plan.batchSize)),
    rates.length === 0 ? 'as answered' : requests.join(' → '),
  ];
}

function connectedLines(profile: Profile, { servers, databases, error }: Connected): string[] {
  if (error !== undefined) {
    const hint = error.hint === undefined ? [] : [`  ${error.hint}`];
    return [`cannot reach the target: ${error.message}`, ...hint, ''];
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
    '',
  ];
}

/** Of a statement about a database: whether there is one now. */
function whetherThere(body: string, databases: readonly string[] | undefined): string[] {
  const [, quoted, bare] = /^\s*(?:CREATE|DROP)\s+DATABASE\s+(?:"([^"]+)"|([^\s;"]+))/i.exec(body) ?? [];
  const name = quoted ?? bare;
  if (databases === undefined || name === undefined) return [];
  return [databases.includes(name) ? `database ${name} is there` : `no database ${name} yet`];
}

function printJson(profile: Profile, connected: Connected | undefined): void {
  const { steps } = profile.analysis;
  const document = {
    schemaVersion: 1,
    ok: !profile.hasErrors && connected?.error === undefined,
    diagnostics: profile.diagnostics.map((each) => diagnosticToJson(each, profile.files.sources)),
    statements: steps.map(({ kind, position, place, text }) => ({ kind, position, place, text })),
    loads: loadsOf(profile).map(({ name, position, options: { items, stages }, plan }) => ({
      name,
      position,
      items: bounded(items),
      seriesCardinality: bounded(plan.seriesCardinality),
      batchSize: plan.batchSize,
      requests: bounded(operationsOf(items, plan.batchSize)),
      requestsPerSecond: stages.map(({ rate, toRate = rate }) => [
        rate / plan.batchSize,
        toRate / plan.batchSize,
      ]),
    })),
    ...(connected && {
      servers: connected.servers,
      ...(connected.error && { connectError: connected.error }),
      ...(connected.databases && { databases: connected.databases }),
      changes: changesOf(steps).map(({ what, step }) => ({ what, text: step.text, place: step.place })),
    }),
  };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** JSON has no Infinity: null is unbounded. */
function bounded(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}
