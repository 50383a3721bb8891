const themes = ['system', 'light', 'dark'] as const;

/** Makes the button go from the system's colours to light ones, dark ones, and back; tells when colours change. */
export function switchThemes(button: HTMLElement, changed: () => void): void {
  let at = 0;
  const show = (): void => {
    const theme = themes[at]!;
    document.documentElement.dataset['theme'] = theme;
    button.setAttribute('aria-label', `Colours: ${theme}`);
    button.title = `Colours: ${theme}`;
    changed();
  };
  button.addEventListener('click', () => {
    at = (at + 1) % themes.length;
    show();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
