import { nearestWord } from '../../lexer/nearest-word.ts';
import type { ChoiceSlot, Slot, TemplatePart, ValueSlot } from '../../parser/ast.ts';
import { printSlot } from '../../parser/print-words.ts';
import { bindSlot, type BoundSlot, type SlotScope } from './bind-slot.ts';
import type { Odometer } from './odometer.ts';
import { GeneratedRows } from './stress/generated-rows.ts';
import { StressKeys } from './stress/stress-keys.ts';
import { WordStream } from './word-stream.ts';

/** The slots of one template: numbered in the order written, bound once, and found again by reference. */
export class SlotTable {
  readonly #scope: SlotScope;
  readonly #stressKeys: StressKeys;
  /** By slot, or by reference where it has been reported. */
  readonly #bound = new Map<Slot, BoundSlot | undefined>();
  readonly #named = new Map<string, ValueSlot | ChoiceSlot>();

  constructor(parts: Iterable<TemplatePart>, scope: Omit<SlotScope, 'stressKeys'>) {
    const { context, statement } = scope;
    this.#stressKeys = new StressKeys(new GeneratedRows(new WordStream(context.seed, statement, 'rows')));
    this.#scope = { ...scope, stressKeys: this.#stressKeys };
    let ordinal = 0;
    for (const part of parts) {
      if (typeof part === 'string' || part.kind === 'parameter' || part.kind === 'slot-reference') continue;
      this.#bound.set(part, bindSlot(part, ordinal++, this.#scope));
      if (part.name === undefined) continue;
      if (this.#named.has(part.name))
        scope.diagnostics.error('T007', part.span, `there are two slots named ${part.name}`);
      else this.#named.set(part.name, part);
    }
    this.#checkStress();
  }

  /** Tells the slots in the odometer, or with counts, of the odometer, where values of others follow from them. */
  place(odometer: Odometer): void {
    for (const slot of this.#bound.values())
      if (slot !== undefined) this.#stressKeys.place(slot.values, odometer.rankOf(slot));
  }

  /** The columns that the template makes as a profile of cassandra-stress does. */
  get generatedRows(): GeneratedRows {
    return this.#stressKeys.rows;
  }

  /** What cassandra-stress has in a column follows from the key. */
  #checkStress(): void {
    const { rows } = this.#stressKeys;
    if (this.#scope.diagnostics.failed) return;
    for (const [node, slot] of this.#bound) {
      if (slot === undefined || node.kind !== 'value-slot') continue;
      const { generated } = slot.values;
      if (generated !== undefined && this.#scope.protocol === 'line') {
        this.#scope.diagnostics.error(
          'T028',
          node.span,
          `${printSlot(slot.node)} is of a row, and line protocol has none`,
        );
        continue;
      }
      if (generated === undefined ? !this.#stressKeys.isEmpty : rows.hasKeys) continue;
      if (!/^stress(?:cluster)?$/i.test(node.function.name)) continue;
      this.#scope.diagnostics.error(
        'T028',
        node.span,
        `${printSlot(slot.node)} follows from the key, and no slot here is one`,
        { hint: "a key is a slot such as [blob stresskey('key', 10)]" },
      );
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
