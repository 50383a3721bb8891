/**
 * What a value from a file has to be like: answers with what is wrong at a place such as `statements[3].load`, or
 * undefined. More than is asked for is no fault: fields are added within a schema version.
 */
export interface Shape<Value> {
  (value: unknown, at: string): string | undefined;
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

function wrong(value: unknown, at: string, expected: string): string {
  const found =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : JSON.stringify(value).slice(0, 40);
  return `${at === '' ? 'it' : at} is ${found}, expected ${expected}`;
}

export const text: Shape<string> = (value, at) =>
  typeof value === 'string' ? undefined : wrong(value, at, 'a text');

export const flag: Shape<boolean> = (value, at) =>
  typeof value === 'boolean' ? undefined : wrong(value, at, 'true or false');

/** A count, a duration, a size: what is never below 0. */
export const amount: Shape<number> = (value, at) =>
  typeof value === 'number' && value >= 0 ? undefined : wrong(value, at, 'a number from 0 on');

/** Milliseconds since 1970 that a date can tell. */
export const instantMs: Shape<number> = (value, at) =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15
    ? undefined
    : wrong(value, at, 'milliseconds since 1970');

export function oneOf<const Value extends string | number>(...values: readonly Value[]): Shape<Value> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value, at) => (known.has(value) ? undefined : wrong(value, at, values.join(' or ')));
}

export function nullOr<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (value, at) => (value === null ? undefined : shape(value, at));
}

export function optional<Value>(shape: Shape<Value>): OptionalShape<Value> {
  return { optional: shape };
}

export function listOf<Value>(shape: Shape<Value>, least = 0): Shape<readonly Value[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return wrong(value, at, 'a list');
    if (value.length < least) return `${at} is empty`;
    for (const [index, each] of value.entries()) {
      const problem = shape(each, `${at}[${index}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** An object that has a value of the shape under whatever name. */
export function mapOf<Value>(shape: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return (value, at) => {
    if (!isObject(value)) return wrong(value, at, 'an object');
    for (const [name, each] of Object.entries(value)) {
      const problem = shape(each, placeOf(at, name));
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

export function objectOf<Value extends object>(fields: FieldsOf<Value>): Shape<Value> {
  const entries = Object.entries<Shape<unknown> | OptionalShape<unknown>>(fields);
  return (value, at) => {
    if (!isObject(value)) return wrong(value, at, 'an object');
    for (const [name, field] of entries) {
      const each = value[name];
      if (each === undefined) {
        if ('optional' in field) continue;
        return `${at === '' ? 'it' : at} has no ${name}`;
      }
      const problem = ('optional' in field ? field.optional : field)(each, placeOf(at, name));
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function placeOf(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
