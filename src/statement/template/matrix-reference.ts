import { argumentKinds } from './arguments.ts';
import type { Cell, Shape } from './cell.ts';
import { slotFunctions, slotTypes, type SlotFunctionName, type SlotTypeDefinition } from './matrix.ts';

export interface TypeReference {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly doc: string;
  readonly lineProtocol: string;
  readonly cql: string;
  /** Empty for collections: they have the functions of their elements. */
  readonly functions: readonly SlotFunctionName[];
}

export interface FunctionReference {
  readonly name: SlotFunctionName;
  readonly doc: string;
  /** The ways to call it: `rand(min, max)`, of which types, what they give, and what the arguments are. */
  readonly forms: readonly {
    readonly signature: string;
    readonly types: readonly string[];
    readonly doc: string;
    readonly parameters: readonly {
      readonly name: string;
      readonly is: string;
      readonly default: string | undefined;
    }[];
  }[];
}

/** `rand(min, max)`, `inc(start[, step])`. */
export function signature(name: string, { parameters }: Shape): string {
  const list = parameters.map((parameter, index) => {
    const comma = index === 0 ? '' : ', ';
    return parameter.default === undefined ? comma + parameter.name : `[${comma}${parameter.name}]`;
  });
  return `${name}(${list.join('')})`;
}

const types: readonly (readonly [string, SlotTypeDefinition])[] =
  Object.entries<SlotTypeDefinition>(slotTypes);

const functionNames = Object.keys(slotFunctions) as readonly SlotFunctionName[];

/** Every type, for documents. */
export const typeReference: readonly TypeReference[] = types.map(
  ([name, { aliases, doc, lineProtocol, cql, functions }]) => ({
    name,
    aliases,
    doc,
    lineProtocol,
    cql,
    functions: functionNames.filter((each) => Object.hasOwn(functions, each)),
  }),
);

/** Every function with its forms, for documents; types whose form says the same share one. */
export const functionReference: readonly FunctionReference[] = functionNames.map((name) => {
  const forms = new Map<string, { shape: Shape; types: string[] }>();
  for (const [type, { functions }] of types) {
    const cell: Cell = functions[name] ?? [];
    for (const shape of cell) {
      const key = JSON.stringify([shape.doc, shape.parameters]);
      const form = forms.get(key);
      if (form === undefined) forms.set(key, { shape, types: [type] });
      else form.types.push(type);
    }
  }
  return {
    name,
    doc: slotFunctions[name],
    forms: [...forms.values()].map((form) => ({
      signature: signature(name, form.shape),
      types: form.types,
      doc: form.shape.doc,
      parameters: form.shape.parameters.map((parameter) => ({
        name: parameter.name,
        is: argumentKinds[parameter.kind].expected,
        default: parameter.default,
      })),
    })),
  };
});
