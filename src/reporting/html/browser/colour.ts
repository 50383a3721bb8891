let probe: HTMLElement | undefined;

/** A colour by its name in page.css, as it is in the theme at hand, such as `rgb(11, 92, 173)`; `alpha` up to 1. */
export function colour(name: string, alpha = 1): string {
  if (probe === undefined) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  // A variable tells both of its colours; only where it is used it is one of them.
  probe.style.color = `var(--${name})`;
  const found = getComputedStyle(probe).color;
  return alpha === 1 ? found : found.replace('rgb(', 'rgba(').replace(')', `, ${alpha})`);
}
