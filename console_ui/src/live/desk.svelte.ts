/** What this person has in hand: the view, the selected call, the compared pairing, an armed key, an open sheet. */
import { arm, fired, standing, type Arming } from "../state/arming";
import type { View } from "../state/keys";
import type { CallView } from "../wire";
import { board } from "./board.svelte";
import { clock } from "./clock.svelte";

export type Sheet = "override" | "decline" | "outcome" | "take_back" | "secure" | "flag" | "set_aside" | null;
export type Panel = "call" | "map" | "units";

class Desk {
  view = $state<View>("dispatcher");
  selected = $state<string | null>(null);
  opened = $state(false); // narrow screens: the call covers the queue
  panel = $state<Panel>("call");
  sheet = $state<Sheet>(null);
  rank = $state(0); // index of the pairing that is compared
  filter = $state("");
  keysShown = $state(false);
  fullLog = $state(false);
  span = $state<number | null>(null); // evidence number that is pointed at
  said = $state(""); // for the polite live region
  #arming = $state.raw<Arming>(null);

  readonly call: CallView | null = $derived(this.selected ? (board.state.calls.get(this.selected) ?? null) : null);
  readonly armed: Arming = $derived(standing(this.#arming, this.#subject(), clock.now));

  select(id: string | null): void {
    if (id === this.selected) return;
    this.selected = id;
    this.rank = 0;
    this.sheet = null;
    this.span = null;
    this.#arming = null;
  }

  arm(action: string): void {
    this.#arming = arm(action, this.#subject(), clock.exact());
  }

  disarm(): void {
    this.#arming = null;
  }

  /** The armed action, once; null when nothing is armed or the screen has changed since. */
  fire(repeat: boolean): string | null {
    const action = fired(this.#arming, this.#subject(), clock.exact(), repeat);
    if (action !== null) this.#arming = null;
    return action;
  }

  #subject(): string {
    const call = this.call;
    return call ? `${call.id} ${call.decision_version} ${call.recommendation?.id} ${this.rank}` : "";
  }
}

export const desk = new Desk();
