import { nearestWord } from '../lexer/nearest-word.ts';
import { settingDefinitions, settingNamed, settingNames } from '../stress-client/settings.ts';
import { passwords } from './redact.ts';

/** What follows the name of a setting: its value in brackets, or what stands there in their place. */
const settingValues =
  /((?:\bSET\s|\bWITH\s|,)\s*"?([\p{L}_]+)(?![\p{L}_])"?)(\s*\[(?:"[^"\n]*"|\[[^\]\n]*\]|[^[\]"\n])*|(?![^\S\n]*(?:,|FOR\b))[^\n]*)/giu;
const onlyParameter = /^[\s['=]*\$\{(?:env:)?[^}:]*(?::-)?\}[\]']?$/;

/**
 * The text of a script, or of a part of it, with its secrets as `*`: as long as before, so that places in it stay
 * where they are. Unlike `redactScript` it needs no syntax tree, and hides too much of a broken script rather
 * than too little: what excerpts and messages show may be all that is left of a mistyped SET Password.
 */
export function maskSecrets(text: string): string {
  return text
    .replace(settingValues, (whole, before: string, name: string, value: string) => {
      const isValue = value.trimStart().startsWith('[') || /^SET\s/i.test(before);
      return isValue && mayBeSecret(name) ? before + mask(value) : whole;
    })
    .replace(passwords, (_, before: string, literal: string) => before + mask(literal));
}

function mayBeSecret(name: string): boolean {
  const setting = settingNamed(name) ?? settingNamed(nearestWord(name, settingNames) ?? '');
  return setting !== undefined && settingDefinitions[setting].kind === 'secret';
}

function mask(value: string): string {
  return onlyParameter.test(value) ? value : value.replace(/[^\s[\]'"=]/g, '*');
}
