import { figureNs, type FigureName, type TimeFigures } from '../stress-client/time-figures.ts';
import { formatDuration } from '../stress-client/units.ts';

/** A figure of a time as reports print it, such as `>= 10.0 s!`; `-` where nothing was measured. */
export function figureText(time: TimeFigures | undefined, figure: FigureName, mark: string): string {
  if (time === undefined) return '-';
  const bound = time.atLeast.includes(figure) ? '>= ' : '';
  return `${bound}${formatDuration(figureNs(time, figure))}${mark}`;
}
