import { StringDecoder } from 'node:string_decoder';

const linesAtMost = 20;
const lengthAtMost = 1000;

/** The last 20 lines of an output, each cut at 1,000 characters, whatever its length. Control characters are left out. */
export class LastLines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #ended: string[] = [];
  #open = '';

  add(bytes: Buffer): void {
    const [first, ...rest] = this.#decoder.write(bytes).split('\n');
    this.#extend(first!);
    for (const line of rest) {
      this.#ended.push(this.#open);
      if (this.#ended.length > linesAtMost) this.#ended.shift();
      this.#open = '';
      this.#extend(line);
    }
  }

  get lines(): readonly string[] {
    return (this.#open === '' ? this.#ended : [...this.#ended, this.#open]).slice(-linesAtMost);
  }

  #extend(text: string): void {
    // A program's output must not steer the terminal.
    const shown = text.slice(0, lengthAtMost).replace(/[^\P{Cc}\t]/gu, '');
    this.#open = (this.#open + shown).slice(0, lengthAtMost);
  }
}
