import type { Settings } from '../settings.ts';
import { redacted } from '../settings.ts';

const messageLengthAtMost = 300;

/** A message in one line of bounded length, without the secrets of the settings and of what was sent. */
export function printableMessage(message: string, settings: Settings, sent = ''): string {
  let line = message;
  for (const secret of [settings.Password, settings.Token, ...passwordsIn(sent)]) {
    // A secret of one or two letters would redact the message and be told by it.
    if (secret.length > 2) line = line.replaceAll(secret, redacted);
  }
  line = line.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > messageLengthAtMost ? `${line.slice(0, messageLengthAtMost - 1)}…` : line;
}

/** What stands for a password in InfluxQL or CQL, quoted or not: a server repeats what it can't read. */
export function passwordsIn(text: string): readonly string[] {
  const passwords = text.matchAll(
    /\bPASSWORD(?:\s+FOR\s+(?:"(?:[^"\\]|\\.)*"|\S+)\s*=|\s*=|\s)\s*('(?:[^'\\]|\\.|'')*|"(?:[^"\\]|\\.)*|[^\s'"]+)/gi,
  );
  return [...passwords].map(([, password]) => password!.replace(/^['"]/, ''));
}
