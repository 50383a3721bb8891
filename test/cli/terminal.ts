import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectFolder } from './stressql.ts';

const run = promisify(execFile);
/** A machine with other work shows a frame late. */
const patienceMs = 30_000;
let started = 0;

/** A shell in a real terminal: tmux, with no configuration of anyone’s. */
export class Terminal {
  readonly #server: string;

  private constructor(server: string) {
    this.#server = server;
  }

  /** Whether there is a tmux on this machine. */
  static async isThere(): Promise<boolean> {
    try {
      await run('tmux', ['-V']);
      return true;
    } catch {
      return false;
    }
  }

  static async start(columns: number, rows: number): Promise<Terminal> {
    const terminal = new Terminal(`stressql-${process.pid}-${started++}`);
    const size = ['-x', String(columns), '-y', String(rows)];
    const shell = ['env', `PATH=${process.env['PATH']}`, 'PS1=> ', 'bash', '--norc', '--noprofile'];
    await terminal.#tmux(['new-session', '-d', ...size, '-c', projectFolder, ...shell]);
    await terminal.until((screen) => screen.includes('>'));
    return terminal;
  }

  /** Types a line. */
  async type(line: string): Promise<void> {
    await this.#tmux(['send-keys', '-l', '--', line]);
    await this.press('Enter');
  }

  /** Presses keys, by tmux’s names. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux(['send-keys', '--', ...keys]);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(['resize-window', '-x', String(columns), '-y', String(rows)]);
  }

  /** What it shows now; `styled` with the sequences of its colours. */
  async screen(styled = false): Promise<string> {
    return this.#tmux(['capture-pane', '-p', ...(styled ? ['-e'] : [])]);
  }

  /** Waits until what it shows is as it should be, and answers with that. */
  async until(isSo: (screen: string) => boolean): Promise<string> {
    const endMs = Date.now() + patienceMs;
    let screen = '';
    while (Date.now() < endMs) {
      screen = await this.screen();
      if (isSo(screen)) return screen;
      await sleep(50);
    }
    throw new Error(`the terminal did not come to it, and shows\n${screen}`);
  }

  /** What a command prints, typed when nothing else runs. */
  async outputOf(command: string): Promise<string> {
    await this.type(`clear; ${command}; echo "all "of it`);
    const screen = await this.until((shown) => shown.includes('all of it'));
    return screen.slice(0, screen.indexOf('all of it'));
  }

  async close(): Promise<void> {
    await this.#tmux(['kill-server']);
  }

  async #tmux(words: readonly string[]): Promise<string> {
    return (await run('tmux', ['-L', this.#server, '-f', '/dev/null', ...words])).stdout;
  }
}
