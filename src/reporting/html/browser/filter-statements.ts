/** Hides the sections, and their rows of the table, that do not have every word of what is typed. */
export function filterStatements(input: HTMLInputElement): void {
  const sections = [...document.querySelectorAll<HTMLElement>('section[data-filter]')];
  const rowOf = new Map(
    [...document.querySelectorAll<HTMLElement>('tr[data-statement]')].map((row) => [
      row.dataset['statement'],
      row,
    ]),
  );
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const section of sections) {
      const hidden = !words.every((word) => section.dataset['filter']!.includes(word));
      section.hidden = hidden;
      rowOf.get(section.dataset['statement'])!.hidden = hidden;
    }
  });
}
