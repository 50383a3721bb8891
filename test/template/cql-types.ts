import { cqlNativeCodes, type CqlNativeName, type CqlType } from '../../src/stress-client/cql-type.ts';

/** Types of UDTs by name. */
export type Udts = Readonly<Record<string, CqlType & { readonly kind: 'udt' }>>;

/** The type that CQL writes so; `'…'` is a type of the server's own. */
export function cqlType(text: string, udts: Udts = {}): CqlType {
  const [, name = '', inner] = /^(\w+)(?:<(.*)>)?$/.exec(text) ?? [];
  if (name === '') return { kind: 'custom', className: text.replaceAll("'", '') };
  if (Object.hasOwn(cqlNativeCodes, name)) return { kind: 'native', name: name as CqlNativeName };
  const udt = udts[name];
  if (udt !== undefined) return udt;
  const parts = split(inner ?? '');
  const [first, second] = parts.map((part) => (/^\d+$/.test(part) ? undefined : cqlType(part, udts)));
  switch (name) {
    case 'frozen':
      return first!;
    case 'list':
    case 'set':
      return { kind: name, of: first! };
    case 'map':
      return { kind: 'map', key: first!, value: second! };
    case 'tuple':
      return { kind: 'tuple', of: parts.map((part) => cqlType(part, udts)) };
    case 'vector':
      return { kind: 'vector', of: first!, size: Number(parts[1]) };
    default:
      throw new Error(`no type ${text}`);
  }
}

/** At commas outside of `<>`. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '<') depth++;
    if (character === '>') depth--;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  return [...parts, part.trim()];
}
