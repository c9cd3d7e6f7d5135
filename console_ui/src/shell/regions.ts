/** F6: from one region of the screen to the next, as in every control room program. */

export function moveRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((one) => one.offsetParent !== null);
  if (regions.length === 0) return;
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + by + regions.length) % regions.length];
  const stop = next?.querySelector<HTMLElement>('[tabindex="0"], button:not([tabindex="-1"]), input, a[href]');
  (stop ?? next)?.focus();
}
