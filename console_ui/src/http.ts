/** Requests to the service, typed by its own document; every answer is data or a problem, never an exception. */
import createClient from "openapi-fetch";
import type { paths } from "./generated/api";
import type { Problem } from "./wire";

export type Answer<T> = { ok: true; data: T } | { ok: false; problem: Problem };
type Fetched<T> = { data?: T; error?: unknown; response: Response };

const TIMEOUT = 15_000;

export const client = createClient<paths>({
  cache: "no-store",
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT) }),
});

/** A random UUID; crypto.randomUUID does not exist on plain http hosts. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const keyed = (key: string): { "idempotency-key": string } => ({ "idempotency-key": key });

/** What became of a request. `T` names the body where the service's document leaves it open. */
export async function settled<T>(request: Promise<Fetched<unknown>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await request;
    if (response.ok) return { ok: true, data: data as T };
    const said = typeof error === "object" && error !== null ? (error as Partial<Problem>) : {};
    return { ok: false, problem: { title: "", ...said, status: response.status, code: said.code ?? "internal" } };
  } catch {
    return { ok: false, problem: { title: "", status: 0, code: "unreachable" } };
  }
}
