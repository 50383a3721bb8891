/**
 * Every diagnostic that stressql can give, with what it means. Codes are stable: a code is never reused for
 * another meaning. S: the text of a script. T: templates and values. C: what statements ask for together.
 * W: warnings. The reference in docs/language.md is made from this table.
 */
export const diagnosticCodes = {
  S001: 'The text is not what a statement may contain here.',
} as const satisfies Record<string, string>;

export type DiagnosticCode = keyof typeof diagnosticCodes;
