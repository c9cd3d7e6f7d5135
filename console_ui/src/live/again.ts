/** A read that found no service is made again by itself once the link is back. */
import type { Problem } from "../wire";
import { board } from "./board.svelte";

const AGAIN = 2_000; // ms

/** Call `read` after a while, later while the link is down, never once `wanted` has ended or the service has answered. */
export function readAgain(problem: Problem, wanted: () => boolean, read: () => void): void {
  if (problem.status !== 0 && problem.status < 500) return;
  setTimeout(() => {
    if (!wanted()) return;
    if (board.current) read();
    else readAgain(problem, wanted, read);
  }, AGAIN);
}
