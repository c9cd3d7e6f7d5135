/** A dangerous key only arms: a second, different key within five seconds sends, a repeat never does. */
import { ARMED_FOR } from "./limits";

export interface Armed {
  readonly action: string;
  readonly subject: string; // what was on the screen when it was armed: recommendation and version
  readonly until: number; // milliseconds
}
export type Arming = Armed | null;

export const arm = (action: string, subject: string, now: number): Armed => ({
  action,
  subject,
  until: now + ARMED_FOR * 1000,
});

/** What a press of Enter sends; null = nothing is armed, it lapsed, or the screen has changed since. */
export function fired(arming: Arming, subject: string, now: number, repeat: boolean): string | null {
  if (arming === null || repeat || now > arming.until || arming.subject !== subject) return null;
  return arming.action;
}

/** The arming that still stands for what the screen shows now. */
export const standing = (arming: Arming, subject: string, now: number): Arming =>
  arming !== null && arming.subject === subject && now <= arming.until ? arming : null;
