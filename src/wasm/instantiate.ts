/* Of what WebAssembly is in JavaScript, so much is used here; TypeScript has it only with all of a browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What a module exports whose bytes are these, in base64. Its own author says what that is. */
export function instantiate<Exports>(wasm: string): Exports {
  const module = new WebAssembly.Module(Buffer.from(wasm, 'base64'));
  return new WebAssembly.Instance(module).exports as Exports;
}
