/** A list that holds still: while somebody works in it, new rows wait until they are asked for. */

/** Calls under one head. */
export interface CallGroup {
  readonly group: string;
  readonly ids: readonly string[];
  readonly count?: number; // how many belong here, where a pinned row is shown besides or is missing
}

/** Where a row stood when a person took it in hand. */
export interface Pin {
  readonly id: string;
  readonly group: string;
  readonly at: number; // place of its group
  readonly index: number; // place in its group
}

export function pinOf(groups: readonly CallGroup[], id: string): Pin | null {
  for (const [at, { group, ids }] of groups.entries()) {
    const index = ids.indexOf(id);
    if (index >= 0) return { id, group, at, index };
  }
  return null;
}

/** `groups` with the pinned row where it stood, even when it belongs elsewhere by now; off the board it is gone. */
export function pinned(groups: readonly CallGroup[], pin: Pin | null): readonly CallGroup[] {
  const now = pin && pinOf(groups, pin.id);
  if (!pin || !now || (now.group === pin.group && now.index === pin.index)) return groups;
  const without = groups.map(({ group, ids }) => ({ group, ids: ids.filter((id) => id !== pin.id), count: ids.length }));
  const home = without.find(({ group }) => group === pin.group) ?? { group: pin.group, ids: [], count: 0 };
  const filled = { ...home, ids: home.ids.toSpliced(pin.index, 0, pin.id) };
  const found = without.indexOf(home);
  const all = found >= 0 ? without.with(found, filled) : without.toSpliced(pin.at, 0, filled);
  return all.filter(({ ids }) => ids.length > 0);
}

export interface Placed {
  readonly shown: readonly CallGroup[];
  readonly waiting: readonly string[];
}

/** What is shown of `groups`: while `held` only rows that were `placed` before, the others wait. */
export function place(groups: readonly CallGroup[], placed: ReadonlySet<string>, held: boolean): Placed {
  if (!held) return { shown: groups, waiting: [] };
  const shown = groups.map(({ group, ids }) => ({ group, ids: ids.filter((id) => placed.has(id)) }));
  const waiting = groups.flatMap(({ ids }) => ids.filter((id) => !placed.has(id)));
  return { shown: shown.filter(({ ids }) => ids.length > 0), waiting };
}

export type Item =
  | { readonly kind: "head"; readonly key: string; readonly group: CallGroup }
  | { readonly kind: "row"; readonly key: string; readonly id: string; readonly index: number };

export interface Layout {
  readonly items: readonly Item[];
  readonly tops: readonly number[];
  readonly height: number;
  readonly rows: number;
  readonly at: ReadonlyMap<string, number>; // id -> index in items
}

/** Where every head and row of a list stands, in pixels from its top. */
export function layout(groups: readonly CallGroup[], rowHeight: number, headHeight: number): Layout {
  const items: Item[] = [];
  const tops: number[] = [];
  const at = new Map<string, number>();
  let top = 0;
  let rows = 0;
  for (const group of groups) {
    items.push({ kind: "head", key: `head:${group.group}`, group });
    tops.push(top);
    top += headHeight;
    for (const id of group.ids) {
      at.set(id, items.length);
      items.push({ kind: "row", key: id, id, index: ++rows });
      tops.push(top);
      top += rowHeight;
    }
  }
  return { items, tops, height: top, rows, at };
}

/** First and last item (exclusive) to render for a window of the list, with `spare` pixels around it. */
export function visible(layout: Layout, from: number, height: number, spare: number): [number, number] {
  return [Math.max(0, firstAfter(layout.tops, from - spare) - 1), firstAfter(layout.tops, from + height + spare)];
}

function firstAfter(tops: readonly number[], y: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle] ?? 0) > y) high = middle;
    else low = middle + 1;
  }
  return low;
}
