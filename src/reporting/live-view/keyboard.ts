import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import type { ReadStream } from 'node:tty';
import type { Key } from './live-keys.ts';

export interface KeyListener {
  onKey(key: Key): void;
  /** The process goes on after Ctrl-Z, with a terminal that others have written to. */
  onReturn(): void;
}

/**
 * Keys as they are pressed, without Enter and without echo, from a terminal of which this process has the foreground. Raw
 * mode takes the terminal's own keys away: Ctrl-C comes as a key, and Ctrl-Z and Ctrl-\ do here what they do elsewhere.
 * Node puts the terminal back when the process ends, by itself or by a signal.
 */
export class Keyboard {
  readonly #input: ReadStream;
  readonly #listener: KeyListener;
  readonly #pressed = (_: string | undefined, key: Key): void => this.#press(key);
  readonly #continued = (): void => this.#return();

  constructor(input: ReadStream, listener: KeyListener) {
    this.#input = input;
    this.#listener = listener;
    emitKeypressEvents(input);
    input.on('keypress', this.#pressed);
    process.on('SIGCONT', this.#continued);
    this.#listen();
  }

  /** Leaves the terminal as it was. */
  close(): void {
    process.off('SIGCONT', this.#continued);
    this.#input.off('keypress', this.#pressed);
    this.#input.setRawMode(false);
    this.#input.pause();
  }

  #listen(): void {
    this.#input.setRawMode(true);
    this.#input.resume();
  }

  #press(key: Key): void {
    if (key.ctrl === true && key.name === 'z') return this.#suspend();
    if (key.sequence === '\u001c') return void process.kill(process.pid, 'SIGQUIT');
    this.#listener.onKey(key);
  }

  #suspend(): void {
    this.#input.setRawMode(false);
    this.#input.pause();
    process.kill(process.pid, 'SIGTSTP');
  }

  #return(): void {
    if (hasForeground()) {
      // A shell has given the terminal its own settings, unknown to Node where someone else stopped the process.
      this.#input.setRawMode(false);
      this.#listen();
    }
    this.#listener.onReturn();
  }
}

/** Whether keys are meant for this process: one that a shell runs in the background is stopped where it takes them. */
export function hasForeground(): boolean {
  if (process.platform === 'win32') return true;
  try {
    const [group, foreground] = process.platform === 'linux' ? groupsOfProc() : groupsOfPs();
    return group === foreground;
  } catch {
    return false;
  }
}

type Groups = readonly [own: string | undefined, foreground: string | undefined];

/** Behind the program's name, which may be anything: state, parent, group, session, terminal, its foreground's group. */
function groupsOfProc(): Groups {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [group, foreground];
}

function groupsOfPs(): Groups {
  const words = ['-o', 'pgid=,tpgid=', '-p', String(process.pid)];
  const [group, foreground] = execFileSync('ps', words, { encoding: 'utf8' }).trim().split(/\s+/);
  return [group, foreground];
}
