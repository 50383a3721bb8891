import type { SlotTypeDefinition } from './matrix.ts';
import type { ItemValue } from './insert-plan.ts';

/** How a query language writes what fills a query. */
export interface QueryDialect {
  /** Which values its types have. */
  readonly protocol: 'line' | 'cql';
  /** A name; `inside`: the quotes stand there already. */
  name(text: string, inside: boolean): string;
  /** A measurement or table. */
  measurement(text: string, inside: boolean): string;
  value(value: ItemValue): string;
  /** The inside of a string in single quotes. */
  string(text: string): string;
  /** A value of a slot; choices (no type) stand as they are. */
  slot(type: SlotTypeDefinition | undefined, text: string): string;
  time(ns: bigint): string;
  /** Whether a text leaves a name in double quotes open, if it starts within one or not. */
  endsInsideName(text: string, inside: boolean): boolean;
}
