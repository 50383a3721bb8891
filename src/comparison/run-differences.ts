import { formatBytes, formatCount } from '../stress-client/units.ts';
import type { ComparedRun } from './compared-run.ts';
import type { NamedDifference, RunDifferences } from './comparison.ts';
import { scriptDifference } from './script-difference.ts';

/** What is not the same about two runs, apart from their figures. */
export function runDifferences(baseline: ComparedRun, candidate: ComparedRun): RunDifferences {
  const script = scriptDifference(baseline.script, candidate.script);
  return {
    facts: namedDifferences(
      { ...factsOf(baseline), ...hashOf(baseline, candidate) },
      { ...factsOf(candidate), ...hashOf(candidate, baseline) },
    ),
    settings: namedDifferences(baseline.settings, candidate.settings),
    parameters: namedDifferences(baseline.parameters, candidate.parameters),
    ...(script && { script }),
  };
}

/** Names whose values differ, in the order of the baseline; those that only the candidate has come last. */
export function namedDifferences(
  baseline: Readonly<Record<string, string>>,
  candidate: Readonly<Record<string, string>>,
): readonly NamedDifference[] {
  const names = new Set([...Object.keys(baseline), ...Object.keys(candidate)]);
  return [...names].flatMap((name) => {
    const [one, other] = [baseline[name], candidate[name]];
    if (one === other) return [];
    return [
      { name, ...(one !== undefined && { baseline: one }), ...(other !== undefined && { candidate: other }) },
    ];
  });
}

/** Of a script that can't be laid beside the other one. */
function hashOf({ script, summary }: ComparedRun, other: ComparedRun): Readonly<Record<string, string>> {
  const isKnown = script !== undefined && other.script !== undefined;
  return isKnown ? {} : { script: `sha256 ${summary.scriptSha256.slice(0, 12)}` };
}

function factsOf({ summary }: ComparedRun): Readonly<Record<string, string>> {
  const { machine, rehearsal, servers, states } = summary;
  return {
    state: [...new Set(states.map(({ state }) => state))].join(', '),
    version: summary.version,
    target: summary.target,
    // A practice server has another port each time.
    servers: servers
      .map(({ product, address }) => (rehearsal ? product : `${product} at ${address}`))
      .join(', '),
    seed: String(summary.seed),
    processor: machine.processor,
    cores: formatCount(machine.cores),
    memory: formatBytes(machine.memoryBytes),
    system: machine.system,
    node: machine.node,
  };
}
