import type { PartitionsOption } from './load-options.ts';

export const one: PartitionsOption['distribution'] = { kind: 'fixed', value: 1 };
/** All of what there is. */
export const all: PartitionsOption['share'] = { distribution: one, divisor: 1 };

/** Without PARTITIONS: an operation is one partition. */
export const wholePartitions: PartitionsOption = {
  distribution: one,
  visits: undefined,
  share: all,
  columns: all,
  batch: 'logged',
};
