import type { Diagnostic } from '../lexer/diagnostic.ts';
import { printDuration } from '../lexer/scalar.ts';
import type { Text } from '../parser/ast.ts';
import { redactSecrets } from '../parser/redact.ts';
import { givesAway, type SecretText } from '../parser/secret-texts.ts';
import { loadStepsOf, type Analysis, type InsertStep, type Step } from './analyse.ts';
import { Population } from './template/population.ts';

/** What a script may do but its author probably did not mean, as warnings in script order. */
export function warningsOf(analysis: Analysis): Diagnostic[] {
  const inserts = loadStepsOf(analysis.steps).filter((step) => step.kind === 'insert');
  return [
    ...twoInOne(analysis.steps),
    ...neverWaitedFor(analysis.steps),
    ...inserts.flatMap(overwriting),
    ...writtenTwice(inserts),
    ...rareRequests(analysis.steps),
    ...startsNow(inserts),
  ];
}

function warning(code: Diagnostic['code'], step: Step, message: string, hint: string): Diagnostic {
  return { severity: 'warning', code, message, span: step.span, hint };
}

/** What makes or drops something, at the start of a line that is not the text's first. */
const furtherStatement =
  /\n[ \t]*((?:CREATE|DROP|ALTER)\s+(?:(?:OR\s+REPLACE|CUSTOM)\s+)?(?:DATABASE|RETENTION|CONTINUOUS|SUBSCRIPTION|USER|ROLE|KEYSPACE|TABLE|TYPE|INDEX|MATERIALIZED|FUNCTION|AGGREGATE|TRIGGER)\b|USE\s+\S+\s*$)/i;

/** Lines of a text belong together until a blank line or a semicolon: what was meant as two is sent as one. */
function twoInOne(steps: readonly Step[]): Diagnostic[] {
  return steps.flatMap((step) => {
    const further = step.kind === 'pass-through' ? furtherStatement.exec(step.body)?.[1] : undefined;
    if (further === undefined) return [];
    const message = `a line that begins with ${further.replace(/\s+/g, ' ').trim()} is sent as part of the text before it`;
    return [warning('W007', step, message, 'a blank line, or a ; at the line’s end, begins a new statement')];
  });
}

/** A script that ends with GOs running waits for them, but nothing after such a GO knows that it has ended. */
function neverWaitedFor(steps: readonly Step[]): Diagnostic[] {
  let running: (Step & { name: string })[] = [];
  for (const step of steps) {
    if (step.kind === 'wait') {
      const wait = step.for;
      if (wait === undefined) running = [];
      else if ('name' in wait) running = running.filter(({ name }) => name !== wait.name);
    } else if ('background' in step && step.background) running.push(step);
  }
  return running.map((step) =>
    warning(
      'W001',
      step,
      `GO … ${step.name} is never waited for`,
      'the script waits for it at its end; write WAIT where you mean it',
    ),
  );
}

function overwriting(step: InsertStep): Diagnostic[] {
  const { options, settings } = step;
  if (options.written || !step.overwrites) return [];
  // A population that gives an index again means to write the same again.
  const population = options.population && new Population(options.population, settings.Seed);
  if (population?.repeats(options.items) === true) return [];
  const message = `points of INSERT ${step.name} overwrite each other: a step of ${printDuration(options.stepNs)} at Precision [${settings.Precision}] gives a series the same timestamp again`;
  return [
    warning('W002', step, message, 'a longer EVERY, a finer Precision, or more series keep every point'),
  ];
}

/** Values depend on the statement's name, not on its position. */
function writtenTwice(inserts: readonly InsertStep[]): Diagnostic[] {
  return inserts.flatMap((step) => {
    const first = step.namesake;
    if (first === undefined || first.options.written || step.options.written) return [];
    const message = `INSERT ${step.name} stands at ${first.place} too: the same name makes the same random values, and reports show both under one name`;
    return [warning('W003', step, message, 'give each INSERT a name of its own')];
  });
}

function rareRequests(steps: readonly Step[]): Diagnostic[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'insert' && step.kind !== 'query' && step.kind !== 'mix') return [];
    const batchSize = step.kind === 'mix' ? 1 : step.batchSize;
    const slow = step.options.stages.find(({ rate, toRate }) => {
      const highest = Math.max(rate, toRate ?? rate) / batchSize;
      return highest > 0 && highest < 1;
    });
    if (slow === undefined) return [];
    const requests = Math.max(slow.rate, slow.toRate ?? 0) / batchSize;
    const message = `${slow.text} in batches of ${batchSize} is one request every ${(1 / requests).toFixed(1)} s: percentiles of so few mean little`;
    const hint =
      step.kind === 'insert'
        ? 'lower BatchSize (WITH BatchSize [100]) or raise the rate'
        : 'raise the rate, or read the maximum instead';
    return [warning('W004', step, message, hint)];
  });
}

function startsNow(inserts: readonly InsertStep[]): Diagnostic[] {
  const step = inserts.find((each) => each.settings.StartDate === 'now');
  if (step === undefined) return [];
  return [
    warning(
      'W005',
      step,
      'StartDate [now]: timestamps follow the start of the run',
      'the run records it; --start-at with the recorded time makes the same points again',
    ),
  ];
}

/** Secrets that stand in the script as text. Takes them as they are before parameters are bound. */
export function secretWarnings(secrets: readonly SecretText[]): Diagnostic[] {
  return secrets.flatMap((secret) => {
    if (secret.of === 'setting') {
      const { setting, text } = secret;
      return setting !== undefined && givesAway(text) ? [secretWarning(text, setting)] : [];
    }
    const text = secret.text.parts.filter((part) => typeof part === 'string').join('');
    return redactSecrets(text) === text ? [] : [secretWarning(secret.text, 'a password')];
  });
}

function secretWarning(at: Text, what: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'W006',
    message: `${what} is written into the script`,
    span: at.span,
    hint: 'read it from the environment, such as ${env:STRESS_PASSWORD}',
  };
}
