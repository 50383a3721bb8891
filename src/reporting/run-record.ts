import type { ServerInfo } from '../stress-client/target/target.ts';
import type { MachineFacts } from './machine.ts';

/** run.json: what was run, where and by what; written before the first operation and again at the end. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly testId: string;
  readonly testName: string;
  /** Of stressql. */
  readonly version: string;
  /** `running` in a folder whose process lives, or was killed. */
  readonly state: 'running' | 'ended';
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  readonly endedMs?: number;
  /** What `StartDate [now]` meant: given to --start-at, it makes the same points again. */
  readonly startAt: string;
  readonly pid: number;
  readonly machine: MachineFacts;
  readonly seed: number;
  /** The script's files, in order, as they were named. */
  readonly scriptFiles: readonly string[];
  readonly scriptSha256: string;
  /** The command line, secrets cut out. */
  readonly arguments: readonly string[];
  /** `-p` and defaults by name, secrets redacted. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of the environment's variables that the script reads. */
  readonly environment: readonly string[];
  /** sha256 by name of the files that the script's `file()` reads. */
  readonly dataFiles: Readonly<Record<string, string>>;
  readonly target: string;
  readonly rehearsal: boolean;
  readonly servers: readonly ServerInfo[];
}
