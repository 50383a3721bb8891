import type { Reporter, TestCase, TestModule } from 'vitest/node';

const slowestShown = 10;

/** Says at the end what the run was: its slowest tests, the real servers it used, and the suites it had to skip. */
export default class RunReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const lines = [...slowest(tests), ...servers(tests), ...skipped(tests)];
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
}

function slowest(tests: readonly TestCase[]): string[] {
  const timed = tests
    .map((test) => ({ test, durationMs: test.diagnostic()?.duration ?? 0 }))
    .toSorted((left, right) => right.durationMs - left.durationMs)
    .slice(0, slowestShown);
  const rows = timed.map(
    ({ test, durationMs }) => `  ${durationMs.toFixed(0).padStart(6)} ms  ${nameOf(test)}`,
  );
  return ['', `The ${timed.length} slowest of ${tests.length} tests`, ...rows];
}

function servers(tests: readonly TestCase[]): string[] {
  const used = new Map<string, number>();
  for (const test of tests) {
    const server = test.meta().realServer;
    if (server === undefined) continue;
    const { product, version, address, source } = server;
    const name = `${product} ${version} at ${address}, from ${source}`;
    used.set(name, (used.get(name) ?? 0) + 1);
  }
  if (used.size === 0) return ['', 'No real server was used'];
  return ['', 'Real servers', ...[...used].map(([name, count]) => `  ${name}: ${count} tests`)];
}

function skipped(tests: readonly TestCase[]): string[] {
  const suites = new Map<string, Set<string>>();
  for (const test of tests) {
    const missing = test.meta().missingServer;
    if (missing === undefined) continue;
    const reason = `${missing.unavailable}: ${missing.remedy}`;
    const names = suites.get(reason) ?? new Set();
    suites.set(
      reason,
      names.add(`${test.module.relativeModuleId} > ${test.parent.type === 'suite' ? test.parent.name : ''}`),
    );
  }
  const lines: string[] = [];
  for (const [reason, names] of suites) {
    lines.push('', `SKIPPED: ${reason}`);
    for (const name of names) lines.push(`  ${name}`);
  }
  return lines;
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}
