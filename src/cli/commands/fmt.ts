import { writeFileSync } from 'node:fs';
import { format } from '../../parser/format.ts';
import { ProfileFiles } from '../profile-files.ts';
import { printDiagnostics } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface FormatOptions {
  readonly write: boolean;
  readonly check: boolean;
  readonly color: boolean;
}

/** Prints each file in canonical layout, or writes it back. A file with an error stays as it is: exit 2. */
export function formatCommand(paths: readonly string[], options: FormatOptions): number {
  if (options.write && options.check) throw new UsageError('--write and --check exclude each other');
  if (options.write && paths.includes('-')) throw new UsageError('the standard input can’t be written back');
  let exitCode = 0;
  for (const source of new ProfileFiles(paths).sources) {
    const { text, diagnostics } = format(source);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      printDiagnostics(errors, [source], options);
      exitCode = 2;
    } else if (options.check) {
      if (text === source.text) continue;
      process.stdout.write(`${source.name} is not in canonical layout\n`);
      exitCode ||= 1;
    } else if (!options.write) {
      process.stdout.write(text);
    } else if (text !== source.text) {
      writeFileSync(source.name, text);
    }
  }
  return exitCode;
}
