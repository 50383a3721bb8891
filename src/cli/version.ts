import { readFileSync } from 'node:fs';

const description = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

/** Of this stressql, as package.json has it. */
export const { version } = JSON.parse(description) as { readonly version: string };
