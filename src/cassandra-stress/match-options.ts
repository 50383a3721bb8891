import { nearestWord } from '../lexer/nearest-word.ts';
import { usageLine } from './help.ts';
import type { Alternative, Group, Option } from './options.ts';
import { Refusal } from './refusal.ts';

/** What was said of one alternative's suboptions, by their names. */
export class Given {
  readonly options: Alternative;
  readonly #values = new Map<string, string>();
  readonly #nested = new Map<string, Given>();
  /** Of a nested group: what it has no suboption for; of weights: all. */
  readonly extras = new Map<string, string>();
  accepted = 0;

  constructor(options: Alternative) {
    this.options = options;
  }

  /** What the user said, else the default, else undefined. */
  value(name: string): string | undefined {
    const option = this.options.find((each) => each.name === name);
    const standard = option !== undefined && 'default' in option ? option.default : undefined;
    return this.#values.get(name) ?? standard;
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#nested.has(name);
  }

  nested(name: string): Given {
    const option = this.options.find((each) => each.name === name);
    return this.#nested.get(name) ?? new Given(option?.kind === 'nested' ? option.options : []);
  }

  /** The required ones are there. */
  get whole(): boolean {
    return this.options.every((option) => {
      if (option.kind === 'weights') return this.#nested.get(option.name) !== undefined;
      return option.kind !== 'value' || option.required !== true || this.#values.has(option.name);
    });
  }

  /** Whether a suboption took the word. Throws Refusal where one does, but not with this value. */
  accept(word: string): boolean {
    const taken = this.options.some((option) => this.#acceptBy(option, word));
    if (taken) this.accepted++;
    return taken;
  }

  #acceptBy(option: Option, word: string): boolean {
    const { name } = option;
    switch (option.kind) {
      case 'value': {
        if (!startsWith(word, name)) return false;
        if (this.#values.has(name)) throw new Refusal(`Suboption ${name} has been specified more than once`);
        const value = word.slice(name.length);
        if (!new RegExp(`^(?:${option.pattern})$`, 'i').test(value)) {
          throw new Refusal(`Invalid value ${value}; must match pattern ${option.pattern}`);
        }
        this.#values.set(name, value);
        return true;
      }
      // Of several the last counts.
      case 'distribution':
        if (!startsWith(word, name)) return false;
        this.#values.set(name, word.slice(name.length));
        return true;
      case 'ratio':
        if (!startsWith(word, name) || !isRatio(word.slice(name.length))) return false;
        this.#values.set(name, word.slice(name.length));
        return true;
      case 'nested':
      case 'weights':
        return this.#acceptNested(option, word);
    }
  }

  #acceptNested(option: Option & { kind: 'nested' | 'weights' }, word: string): boolean {
    const { name } = option;
    if (!startsWith(word, `${name}(`) || !word.endsWith(')')) return false;
    const inner = word.slice(name.length + 1, -1);
    const parts = inner === '' ? [] : inner.split(',');
    // A comma at the end is none too many.
    if (parts.at(-1) === '') parts.pop();
    if (parts.includes('')) throw new Refusal(`Invalid ${name} specification: ${word}`);
    const nested = this.#nested.get(name) ?? new Given(option.kind === 'nested' ? option.options : []);
    for (const part of parts) {
      if (nested.accept(part)) continue;
      const extra = option.kind === 'weights' || option.extra === true;
      if (!extra || !nested.#acceptExtra(part)) throw new Refusal(`Invalid ${name} specification: ${part}`);
    }
    if (option.kind === 'nested' || nested.extras.size > 0) this.#nested.set(name, nested);
    return true;
  }

  #acceptExtra(part: string): boolean {
    const [name, value, ...rest] = part.split('=');
    if (name === '' || value === undefined || value === '' || rest.some((each) => each !== '')) return false;
    if (this.extras.has(name!)) throw new Refusal(`${name} set twice`);
    this.extras.set(name!, value);
    return true;
  }
}

/**
 * The first of a group's alternatives that takes every word and has what it requires. Throws Refusal with the usage
 * of the alternative that took most.
 */
export function matchOptions(group: Group, words: readonly string[]): Given {
  const all = group.alternatives.map((options) => new Given(options));
  const nearest = (): string =>
    usageLine(group.name, all.toSorted((a, b) => b.accepted - a.accepted)[0]!.options);
  for (const word of words) {
    let taken = false;
    for (const each of all) {
      try {
        taken = each.accept(word) || taken;
      } catch (error) {
        if (error instanceof Refusal) error.usage = usageLine(group.name, each.options);
        throw error;
      }
    }
    if (!taken) throw new Refusal(`Invalid parameter ${word}${suggestion(group, word)}`, nearest());
  }
  const found = all.find((each) => each.whole && each.accepted === words.length);
  if (found !== undefined) return found;
  const title = group.name.startsWith('-') ? group.name : group.name.toUpperCase();
  throw new Refusal(`Invalid ${title} options provided, see output for valid options`, nearest());
}

function suggestion(group: Group, word: string): string {
  const [, name] = /^([^=<>(]*[=<>(]?)/.exec(word)!;
  const names = new Set(group.alternatives.flat().map((option) => option.name));
  const nearest = nearestWord(name!, names);
  return nearest === undefined || nearest.toLowerCase() === name!.toLowerCase()
    ? ''
    : `; did you mean ${nearest}?`;
}

function startsWith(word: string, prefix: string): boolean {
  return word.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
}

function isRatio(text: string): boolean {
  return /^.*\/[0-9]+[KMB]?$/i.test(text);
}
