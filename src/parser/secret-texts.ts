import { settingDefinitions, settingNamed } from '../stress-client/settings.ts';
import type { Text } from './ast.ts';
import { isPlain, plainText } from './text.ts';

/**
 * Whether a setting's value must not be shown: it is a secret, or may be one since the name is a parameter.
 * Nothing, and parameters without a default, give nothing away.
 */
export function hidesSecret(name: Text, value: Text): boolean {
  const setting = isPlain(name) ? settingNamed(plainText(name)) : undefined;
  const secret = !isPlain(name) || (setting !== undefined && settingDefinitions[setting].kind === 'secret');
  return (
    secret &&
    value.parts.some((part) => (typeof part === 'string' ? part !== '' : part.fallback !== undefined))
  );
}
