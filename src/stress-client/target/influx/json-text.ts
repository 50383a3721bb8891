/** The text that the inside of a JSON string stands for, as far as it is whole: an escape cut off at its end is not. */
export function jsonText(inside: string): string {
  const whole = /^(?:[^"\\\p{Cc}]|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])*/u.exec(inside)![0];
  return String(JSON.parse(`"${whole}"`));
}
