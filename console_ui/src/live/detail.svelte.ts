/** The call that is being read: fetched when it is opened and when something of its text or gates changes. */
import { client, settled } from "../http";
import { evidenceOf, type Evidence } from "../state/evidence";
import type { CallDetail, CallView, Problem } from "../wire";
import { readAgain } from "./again";
import { board } from "./board.svelte";

const fingerprint = (call: CallView): string =>
  JSON.stringify([
    call.text_version,
    call.assessed_version,
    call.decision_version,
    call.assessment?.artefact,
    call.assessment?.gates,
    call.assessment?.indicators,
    call.review,
    call.decision?.state,
    call.decision?.staging,
    call.outcome,
  ]);

class Detail {
  #detail = $state.raw<CallDetail | null>(null);
  #for = "";
  #print = "";
  #asked = 0;
  problem = $state.raw<Problem | null>(null);

  /** Evidence in reading order; empty while nothing is loaded. */
  readonly evidence: readonly Evidence[] = $derived(this.#detail ? evidenceOf(this.#detail) : []);

  constructor() {
    // A judged indicator or an answer leaves no mark on the call itself; the event is the only sign of it.
    board.onEvents((events) => {
      const call = board.state.calls.get(this.#for);
      if (call && events.some((event) => event.type === "call.changed.v1" && event.call.id === call.id)) this.retry(call);
    });
  }

  of(id: string | null): CallDetail | null {
    return id !== null && this.#detail?.call.id === id ? this.#detail : null;
  }

  /** Load what `call` says now, once for every state of it. */
  async follow(call: CallView | null): Promise<void> {
    const id = call?.id ?? "";
    const print = call ? fingerprint(call) : "";
    if (id === this.#for && print === this.#print) return;
    this.#for = id;
    this.#print = print;
    const mine = ++this.#asked;
    this.problem = null;
    if (!call) {
      this.#detail = null;
      return;
    }
    const answer = await settled<CallDetail>(client.GET("/v1/calls/{call_id}", { params: { path: { call_id: id } } }));
    if (mine !== this.#asked) return;
    if (answer.ok) this.#detail = inOrder(answer.data);
    else {
      this.problem = answer.problem;
      readAgain(answer.problem, () => mine === this.#asked, () => this.retry(board.state.calls.get(id) ?? call));
    }
  }

  /** Ask again, whatever is known already. */
  retry(call: CallView): void {
    this.#print = "";
    void this.follow(call);
  }
}

const inOrder = (detail: CallDetail): CallDetail => ({
  ...detail,
  entries: [...detail.entries].sort((a, b) => a.ordinal - b.ordinal),
});

export const detail = new Detail();
