/** F6: from one region of the screen to the next, as in every control room program. */

export function moveRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((one) => one.offsetParent !== null);
  if (regions.length === 0) return;
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const from = here < 0 && by < 0 ? 0 : here;
  // A region where nothing takes the focus is passed over.
  for (let step = 1; step <= regions.length; step++) {
    const next = regions[(from + by * step + regions.length * step) % regions.length];
    if (next && enter(next)) return;
  }
}

/** Focus what a region is about: its list, text or map; else the first control in it. */
function enter(region: HTMLElement): boolean {
  const stops = ['[tabindex="0"]', 'button:not([tabindex="-1"]), input, a[href]'].flatMap((what) => [
    ...region.querySelectorAll<HTMLElement>(what),
  ]);
  for (const stop of [...stops, region]) {
    stop.focus();
    if (document.activeElement === stop) return true;
  }
  return false;
}
