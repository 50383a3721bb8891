/** What is wrong with a value, and where inside of it: `statements[3].load`, or nothing where it is the value itself. */
interface Fault {
  readonly at: string;
  readonly problem: string;
}

/**
 * What a value from a file has to be like: answers with a fault, or undefined where there is none, which costs next to
 * nothing. More than is asked for is no fault: fields are added within a schema version.
 */
export interface Shape<Value> {
  (value: unknown): Fault | undefined;
  /** Never there: it holds a shape to the type that it is for. */
  readonly of?: Value;
}

/** The shape of a field that may be absent. */
export interface OptionalShape<Value> {
  readonly optional: Shape<Value>;
}

type FieldsOf<Value> = {
  readonly [Key in keyof Value]-?: undefined extends Value[Key]
    ? OptionalShape<Exclude<Value[Key], undefined>>
    : object extends Pick<Value, Key>
      ? OptionalShape<Exclude<Value[Key], undefined>>
      : Shape<Value[Key]>;
};

/** In a sentence what is wrong with a value; undefined where nothing is. */
export function problemOf(shape: Shape<unknown>, value: unknown): string | undefined {
  const fault = shape(value);
  return fault && `${fault.at === '' ? 'it' : fault.at} ${fault.problem}`;
}

function wrong(value: unknown, expected: string): Fault {
  const found =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : JSON.stringify(value).slice(0, 40);
  return { at: '', problem: `is ${found}, expected ${expected}` };
}

export const text: Shape<string> = (value) =>
  typeof value === 'string' ? undefined : wrong(value, 'a text');

export const flag: Shape<boolean> = (value) =>
  typeof value === 'boolean' ? undefined : wrong(value, 'true or false');

/** A count, a duration, a size: what is never below 0. */
export const amount: Shape<number> = (value) =>
  typeof value === 'number' && value >= 0 ? undefined : wrong(value, 'a number from 0 on');

/** Milliseconds since 1970 that a date can tell. */
export const instantMs: Shape<number> = (value) =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15
    ? undefined
    : wrong(value, 'milliseconds since 1970');

export function oneOf<const Value extends string | number>(...values: readonly Value[]): Shape<Value> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value) => (known.has(value) ? undefined : wrong(value, values.join(' or ')));
}

/** One of the names of an enumeration: as the keys of an object, so that the compiler asks for each of them. */
export function keyOf<Name extends string>(all: Readonly<Record<Name, unknown>>): Shape<Name> {
  return oneOf(...(Object.keys(all) as Name[]));
}

export function nullOr<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (value) => (value === null ? undefined : shape(value));
}

export function optional<Value>(shape: Shape<Value>): OptionalShape<Value> {
  return { optional: shape };
}

export function listOf<Value>(shape: Shape<Value>, least = 0): Shape<readonly Value[]> {
  return (value) => {
    if (!Array.isArray(value)) return wrong(value, 'a list');
    if (value.length < least) return { at: '', problem: 'is empty' };
    for (const [index, each] of value.entries()) {
      const fault = shape(each);
      if (fault !== undefined) return within(`[${index}]`, fault);
    }
    return undefined;
  };
}

/** An object that has a value of the shape under whatever name. */
export function mapOf<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return (value) => {
    if (!isObject(value)) return wrong(value, 'an object');
    for (const [name, each] of Object.entries(value)) {
      const fault = shape(each);
      if (fault !== undefined) return within(name, fault);
    }
    return undefined;
  };
}

export function objectOf<Value extends object>(fields: FieldsOf<Value>): Shape<Value> {
  const entries = Object.entries<Shape<unknown> | OptionalShape<unknown>>(fields);
  return (value) => {
    if (!isObject(value)) return wrong(value, 'an object');
    for (const [name, field] of entries) {
      const each = value[name];
      if (each === undefined) {
        if ('optional' in field) continue;
        return { at: '', problem: `has no ${name}` };
      }
      const fault = ('optional' in field ? field.optional : field)(each);
      if (fault !== undefined) return within(name, fault);
    }
    return undefined;
  };
}

function within(name: string, { at, problem }: Fault): Fault {
  const separator = at === '' || at.startsWith('[') ? '' : '.';
  return { at: `${name}${separator}${at}`, problem };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
