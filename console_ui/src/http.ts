/** Requests to the service: JSON in, JSON or a problem out; an idempotency key on everything that changes something. */
import type { Problem } from "./wire";

export type Answer<T> = { ok: true; data: T } | { ok: false; problem: Problem };

const TIMEOUT = 15_000;

/** A random UUID; crypto.randomUUID does not exist on plain http hosts. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function request<T>(method: string, path: string, body?: unknown, key?: string): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const response = await fetch(path, {
      method,
      headers,
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return { ok: true, data: (response.status === 204 ? null : await response.json()) as T };
    return { ok: false, problem: await problemOf(response) };
  } catch {
    return { ok: false, problem: { title: "", status: 0, code: "unreachable" } };
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return { title: "", ...problem, status: response.status, code: problem.code ?? "internal" };
  } catch {
    return { title: "", status: response.status, code: "internal" };
  }
}

export const get = <T>(path: string): Promise<Answer<T>> => request("GET", path);

/** `key` is kept by the caller, so that a second try of the same decision is the same decision. */
export const post = <T>(path: string, body: unknown, key: string = newKey()): Promise<Answer<T>> =>
  request("POST", path, body, key);

export const remove = (path: string): Promise<Answer<null>> => request("DELETE", path);

export const segment = encodeURIComponent;
