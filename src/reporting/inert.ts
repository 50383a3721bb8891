/** Text of a server, a script or a program, without what would steer the terminal that shows it or reorder its line. */
export function inert(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '·');
}
