/** A place in a script, as an editor shows it. Both count from 1; columns count code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * One script file: its name as the user gave it, and its text as it stands on disk, without a byte-order
 * mark. Offsets everywhere are UTF-16 code units into `text`.
 */
export class Source {
  readonly name: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;
  #last = { line: 1, offset: 0, column: 1 };

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** The line and column of `offset`, which may be `text.length` (the end of the script). */
  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    // Asked for place after place of one long line, each count goes on from the last, forth or back.
    const line = low + 1;
    const start = starts[low]!;
    const isNear = this.#last.line === line && this.#last.offset - offset < offset - start;
    let { offset: at, column } = isNear ? this.#last : { offset: start, column: 1 };
    for (; at > offset; column--) at -= this.#isPair(at - 2) ? 2 : 1;
    for (; at < offset; column++) at += this.#isPair(at) ? 2 : 1;
    if (at === offset) this.#last = { line, offset, column };
    return { line, column };
  }

  /** Whether two units at `offset` are one code point. */
  #isPair(offset: number): boolean {
    return this.text.codePointAt(offset)! > 0xffff;
  }

  /** The text of a line, counted from 1, without its line end. */
  line(number: number): string {
    const starts = this.#starts();
    const end = number < starts.length ? starts[number]! : this.text.length;
    return this.text.slice(starts[number - 1]!, end).replace(/\r?\n$/, '');
  }

  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1))
        starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}

/**
 * A half-open range of a script's text: plain data, so that the AST is JSON. `source` is the index of the
 * file among the script's sources.
 */
export interface Span {
  readonly source: number;
  readonly start: number;
  readonly end: number;
}
