/** The call that is being read: fetched when it is opened and when something of its text or gates changes. */
import { client, settled } from "../http";
import { evidenceOf, type Evidence } from "../state/evidence";
import type { CallDetail, CallView, Problem } from "../wire";

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
  problem = $state.raw<Problem | null>(null);

  /** Evidence in reading order; empty while nothing is loaded. */
  readonly evidence: readonly Evidence[] = $derived(this.#detail ? evidenceOf(this.#detail) : []);

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
    this.problem = null;
    if (!call) {
      this.#detail = null;
      return;
    }
    const answer = await settled<CallDetail>(client.GET("/v1/calls/{call_id}", { params: { path: { call_id: id } } }));
    if (this.#for !== id || this.#print !== print) return;
    if (answer.ok) this.#detail = inOrder(answer.data);
    else this.problem = answer.problem;
  }

  /** Ask again after a failure. */
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
