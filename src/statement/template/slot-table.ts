import { nearestWord } from '../../lexer/nearest-word.ts';
import type { ChoiceSlot, Slot, TemplatePart, ValueSlot } from '../../parser/ast.ts';
import { bindSlot, type BoundSlot, type SlotScope } from './bind-slot.ts';

/** The slots of one template: numbered in the order written, bound once, and found again by reference. */
export class SlotTable {
  readonly #scope: SlotScope;
  /** By slot, or by reference where it has been reported. */
  readonly #bound = new Map<Slot, BoundSlot | undefined>();
  readonly #named = new Map<string, ValueSlot | ChoiceSlot>();

  constructor(parts: Iterable<TemplatePart>, scope: SlotScope) {
    this.#scope = scope;
    let ordinal = 0;
    for (const part of parts) {
      if (typeof part === 'string' || part.kind === 'parameter' || part.kind === 'slot-reference') continue;
      this.#bound.set(part, bindSlot(part, ordinal++, scope));
      if (part.name === undefined) continue;
      if (this.#named.has(part.name))
        scope.diagnostics.error('T007', part.span, `there are two slots named ${part.name}`);
      else this.#named.set(part.name, part);
    }
  }

  /** The slot itself, or the one that a reference names; undefined after an error. */
  resolve(slot: Slot): BoundSlot | undefined {
    if (slot.kind !== 'slot-reference') return this.#bound.get(slot);
    const named = this.#named.get(slot.name);
    if (named !== undefined) return this.#bound.get(named);
    if (this.#bound.has(slot)) return undefined;
    this.#bound.set(slot, undefined);
    const suggestion = nearestWord(slot.name, this.#named.keys());
    return this.#scope.diagnostics.error('T008', slot.span, `no slot is named ${slot.name}`, {
      hint: `name one: [${slot.name}: …]`,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }

  get named(): readonly (readonly [string, BoundSlot])[] {
    const all: (readonly [string, BoundSlot])[] = [];
    for (const [name, node] of this.#named) {
      const slot = this.#bound.get(node);
      if (slot !== undefined) all.push([name, slot]);
    }
    return all;
  }
}

/** The slots among the parts of a text. */
export function slotsOf(parts: readonly TemplatePart[]): readonly Slot[] {
  return parts.filter((part) => typeof part !== 'string' && part.kind !== 'parameter');
}
