/**
 * Every diagnostic that stressql can give, with what it means. Codes are stable: a code is never reused for
 * another meaning. S: the text of a script. T: templates and values. C: what statements ask for together.
 * W: warnings. The reference in docs/language.md is made from this table.
 */
export const diagnosticCodes = {
  S001: 'The text is not what a statement may contain here.',
  T001: 'A slot names a type that does not exist.',
  T002: 'A slot names a function that does not exist, or that its type does not have.',
  T003: 'A function is called with too few or too many arguments.',
  T004: 'An argument is not what the function takes.',
  T005: 'The count of a slot is not a whole number of at least 0.',
  T006: 'A slot has fewer different values than its count.',
  T007: 'Two slots of one template have the same name.',
  T008: 'A reference names no slot of its template.',
  T009: 'A weighted choice or file stands in the odometer, where every value has the same share.',
  T010: 'The values of a slot in the odometer are not all different.',
  T011: 'Values of a slot do not fit its type.',
  T012: 'A field is no number, boolean or string.',
  T013: 'A text can not be written in line protocol.',
  T014: 'A key stands twice in a point.',
  T015: 'A request would be too large.',
  T016: 'Timestamps leave the range of 64-bit nanoseconds.',
  T017: 'A weight is not a number above 0.',
  T020: 'A placeholder stands in a query without a companion INSERT.',
  T021: 'A placeholder has no meaning here.',
  T022: 'A placeholder names no value of the companion.',
  W101: 'A tag is unbounded: every point may make a new series.',
  W102: 'A slot counts as the size of its domain.',
  W103: 'A field has values of several types.',
  W104: 'A field looks like a number but is written as a string.',
} as const satisfies Record<string, string>;

export type DiagnosticCode = keyof typeof diagnosticCodes;
