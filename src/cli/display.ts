import { LineDisplay } from '../reporting/live-view/line-display.ts';
import type { RunDisplay } from './profile-run.ts';
import { wantsColor } from './terminal.ts';

/** How a run is shown while it lasts. */
export interface DisplayFlags {
  readonly ui: 'off' | 'lines' | 'live' | undefined;
  readonly quiet: boolean;
  readonly rehearse: boolean;
  readonly color: boolean;
}

/** The live view on a terminal, unless the flags say otherwise; lines on what is none. */
export async function displayOf({ ui, quiet, rehearse, color }: DisplayFlags): Promise<RunDisplay> {
  const { stdin, stderr } = process;
  const canDraw = stderr.isTTY && process.env.TERM !== 'dumb';
  if (quiet || ui === 'off' || ui === 'lines' || !canDraw)
    return new LineDisplay({ stream: stderr, quiet: quiet || ui === 'off' });
  // Tables of Unicode, a good part of a start, that nothing else needs.
  const { LiveDisplay } = await import('../reporting/live-view/live-display.ts');
  const { hasForeground, Keyboard } = await import('../reporting/live-view/keyboard.ts');
  return new LiveDisplay({
    stream: stderr,
    color: wantsColor(stderr, color),
    rehearsal: rehearse,
    keyboard: stdin.isTTY && hasForeground() ? (listener) => new Keyboard(stdin, listener) : undefined,
    interrupt: () => process.kill(process.pid, 'SIGINT'),
  });
}
