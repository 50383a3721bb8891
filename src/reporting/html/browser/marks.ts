import uPlot from 'uplot';
import { colour } from './colour.ts';

/** Something that happened while a chart's lines were measured. */
export interface Mark {
  readonly atSeconds: number;
  /** Equal to `atSeconds` of what has no length. */
  readonly untilSeconds: number;
  readonly text: string;
}

/** Draws marks over a chart: a line where each begins, what it lasted shaded, and its words where there is room. */
export function drawMarks(chart: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = chart;
  const { min, max } = chart.scales['x']!;
  if (min === undefined || max === undefined) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const scale = uPlot.pxRatio;
  ctx.font = `${10 * scale}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.lineWidth = scale;
  ctx.setLineDash([3 * scale, 3 * scale]);
  let freeFrom = bbox.left;
  for (const { atSeconds, untilSeconds, text } of marks) {
    if (untilSeconds < min || atSeconds > max) continue;
    const from = chart.valToPos(atSeconds, 'x', true);
    const to = chart.valToPos(untilSeconds, 'x', true);
    if (to > from) {
      ctx.fillStyle = colour('mark-band');
      ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    ctx.strokeStyle = colour('mark');
    ctx.beginPath();
    ctx.moveTo(from, bbox.top);
    ctx.lineTo(from, bbox.top + bbox.height);
    ctx.stroke();
    const textFrom = Math.max(from, bbox.left) + 3 * scale;
    const { width } = ctx.measureText(text);
    if (textFrom < freeFrom || textFrom + width > bbox.left + bbox.width) continue;
    ctx.fillStyle = colour('quiet');
    ctx.fillText(text, textFrom, bbox.top + 2 * scale);
    freeFrom = textFrom + width + 6 * scale;
  }
  ctx.restore();
}
