import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

export interface MeasuredProcess {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** User and system time of all of its threads, as the kernel accounts for them when it has ended. */
  readonly cpuNs: number;
  readonly wallNs: number;
  /** Most memory that was resident, as it was last seen, every 20 ms; 0 without /proc. */
  readonly residentBytes: number;
}

export interface MeasuredProcessOptions {
  /** Instead of the project's folder. */
  readonly folder?: string;
  /** Other than 0. */
  readonly codes?: readonly number[];
}

/*
 * Bash's `time` reads what wait4 tells of an ended child, to the millisecond; Node has no such call. The streams of
 * the program are not touched: the figures go to a descriptor of their own.
 */
const shellText = `TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&4 ; } 4>&2 2>&3`;

/** Runs a program to its end, without a terminal; rejects when it ends with another code. */
export async function runMeasured(
  words: readonly string[],
  { folder = projectFolder, codes = [] }: MeasuredProcessOptions = {},
): Promise<MeasuredProcess> {
  const child = spawn('bash', ['-c', shellText, 'bash', ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const texts = ['', '', ''] as [string, string, string];
  [1, 2, 3].forEach((descriptor, index) => {
    child.stdio[descriptor]!.on('data', (chunk: Buffer) => (texts[index] += chunk.toString()));
  });
  let residentBytes = 0;
  const watch = setInterval(async () => {
    residentBytes = Math.max(residentBytes, await residentOfChild(child.pid));
  }, 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearInterval(watch);
  const [stdout, stderr, times] = texts;
  if (code !== 0 && !codes.includes(code ?? -1)) {
    throw new Error(`${words.join(' ')}: code ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  }
  const [wall, user, system] = times.trim().split(' ').map(Number) as [number, number, number];
  return { code, stdout, stderr, cpuNs: (user + system) * 1e9, wallNs: wall * 1e9, residentBytes };
}

async function residentOfChild(shell: number | undefined): Promise<number> {
  try {
    const [child] = (await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8')).split(' ');
    const status = await readFile(`/proc/${child}/status`, 'utf8');
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It has ended, or there is no /proc.
    return 0;
  }
}
