import type { StressSettings } from './settings.ts';

/** What a command line says and nothing here follows, a sentence each. */
export function noticesOf(settings: StressSettings): readonly string[] {
  const { mode, node, population, columns, tokenRange, insert, command } = settings;
  const predefined = command.name !== 'user';
  return [
    ...settings.notices,
    ...(mode.prepared ? [] : ['-mode unprepared: statements are prepared']),
    ...(mode.compression === 'NONE' ? [] : ['-mode compression=: frames are not compressed']),
    ...(mode.protocolVersion === 4 ? [] : ['-mode protocolVersion=: version 4 is spoken']),
    ...(mode.maxPending === undefined ? [] : ['-mode maxPending=: threads= alone bounds what is in flight']),
    ...(node.rack === undefined ? [] : ['-node rack=: no rack is preferred']),
    ...(node.whitelist ? ['-node whitelist: the load goes to every node of the datacenter'] : []),
    ...(!predefined && population.kind === 'sequence' && population.readLookback !== undefined
      ? ['-pop read-lookback=: reads and writes take the seeds of one sequence']
      : []),
    ...(population.order === 'ARBITRARY' || !predefined
      ? []
      : ['-pop contents=: a row is all of its partition']),
    ...(columns.comparator === 'AsciiType' ? [] : ['-col comparator=: columns are sorted as bytes']),
    ...(predefined && (tokenRange.wrap || tokenRange.splitFactor !== 1)
      ? ['-tokenrange: only the user command reads ranges of tokens']
      : []),
    ...(predefined && insert.partitions !== undefined
      ? ['-insert: only the user command batches partitions']
      : []),
  ];
}
