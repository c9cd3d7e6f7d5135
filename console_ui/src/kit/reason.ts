/** What is sent as a reason, and which choice a number key means. */
import type { Choice } from "../say/decisions";

export const reasonOf = (code: string, words: string): string =>
  code === "other" && words.trim() !== "" ? `other: ${words.trim()}` : code;

/** The choice that a digit key names; null when the key is none or a person is typing. */
export function choiceAt(event: KeyboardEvent, choices: readonly Choice[]): string | null {
  const typing = event.target instanceof HTMLElement && event.target.matches('input:not([type="radio"]):not([type="checkbox"]), textarea');
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return null;
  return /^[1-9]$/.test(event.key) ? (choices[Number(event.key) - 1]?.code ?? null) : null;
}
