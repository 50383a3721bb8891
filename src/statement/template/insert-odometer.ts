import type { Slot } from '../../parser/ast.ts';
import { printSlot } from '../../parser/print-words.ts';
import type { BoundSlot } from './bind-slot.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import type { SlotTable } from './slot-table.ts';

/** A slot that takes part in what series there are, and where it stands, in words. */
export interface SeriesSlot {
  readonly slot: Slot;
  readonly where: string;
}

/**
 * The digits of an odometer: the bounded ones among the slots, each once, in the order in which they appear.
 * What would break the promise that the series are the product of the counts is an error. A population bounds what
 * has no count.
 */
export function odometerSlots(
  slots: Iterable<SeriesSlot>,
  table: SlotTable,
  diagnostics: DiagnosticList,
  population: boolean,
): { digits: readonly BoundSlot[]; unbounded: boolean } {
  const digits = new Set<BoundSlot>();
  let unbounded = false;
  for (const { slot: node, where } of slots) {
    const slot = table.resolve(node);
    if (slot === undefined) continue;
    if (slot.weighted) {
      diagnostics.error('T009', node.span, `${printSlot(slot.node)} has weights, but stands in ${where}`, {
        hint: 'series are walked through evenly: take the weights away, or put the slot elsewhere',
      });
    } else if (slot.count === undefined) {
      unbounded = true;
      if (population) continue;
      diagnostics.warning('W101', node.span, `${printSlot(slot.node)} in ${where} is unbounded`, {
        hint: 'every item may make a new series: a count bounds it',
      });
    } else if (!slot.distinct) {
      diagnostics.error(
        'T010',
        node.span,
        `the ${slot.count} values of ${printSlot(slot.node)} in ${where} may be equal`,
        {
          hint: 'series are counted by their values: take inc, rand, seq, or a list without repetitions',
        },
      );
    } else {
      digits.add(slot);
    }
  }
  return { digits: [...digits], unbounded };
}
