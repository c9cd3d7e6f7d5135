/** Decisions on their way: never shown as sent before the service says so. */
import { newKey, settled } from "../http";
import type { Problem } from "../wire";
import { board } from "./board.svelte";
import { clock } from "./clock.svelte";

export type Stage = "sending" | "refused" | "unconfirmed";
export interface Sent {
  readonly stage: Stage;
  readonly action: string;
  readonly problem: Problem | null;
  readonly at: number; // ms of the service's time
  readonly again: () => Promise<boolean>;
}

/** A request under an idempotency key: a second try of the same decision is the same decision. */
type Request = (key: string) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

class Commands {
  /** By call id (or alert id): what this console asked for and has not seen done. */
  #sent = $state.raw<ReadonlyMap<string, Sent>>(new Map());

  of(subject: string): Sent | null {
    return this.#sent.get(subject) ?? null;
  }

  forget(subject: string): void {
    const next = new Map(this.#sent);
    next.delete(subject);
    this.#sent = next;
  }

  /** Make a request; resolves true when the service has it. Not queued while offline: a late dispatch is worse than none. */
  async send(subject: string, action: string, request: Request, key = newKey()): Promise<boolean> {
    if (!board.current || this.of(subject)?.stage === "sending") return false;
    const again = (): Promise<boolean> => this.send(subject, action, request, key);
    this.#put(subject, { stage: "sending", action, problem: null, again });
    const answer = await settled(request(key));
    if (answer.ok) {
      this.forget(subject);
      return true;
    }
    const lost = answer.problem.status === 0 || answer.problem.status >= 500;
    this.#put(subject, { stage: lost ? "unconfirmed" : "refused", action, problem: answer.problem, again });
    if (answer.problem.status === 401) board.tell("retry");
    return false;
  }

  #put(subject: string, sent: Omit<Sent, "at">): void {
    this.#sent = new Map(this.#sent).set(subject, { ...sent, at: clock.exact() });
  }
}

export const commands = new Commands();
