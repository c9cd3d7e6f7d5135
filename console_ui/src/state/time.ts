/** Times as a dispatcher reads them: waits, ages, clock times; no clock of its own. */

const two = (value: number): string => String(value).padStart(2, "0");

/** Seconds between an ISO time and `now` (milliseconds); never negative. */
export function secondsSince(iso: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
}

/** mm:ss below an hour, h:mm:ss above. */
export function wait(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** h:mm until an ISO time, as a shift's rest is written; 0:00 once it is over. */
export function left(iso: string, now: number): string {
  const minutes = Math.max(0, Math.floor((Date.parse(iso) - now) / 60_000));
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
}

/** A maker of HH:MM:SS in the center's own time zone. */
export function clockTime(timeZone: string): (at: number | string) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timeZone || undefined,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return (at) => format.format(typeof at === "number" ? at : Date.parse(at));
}

/** Minutes rounded the cautious way: a unit is never shown nearer than it is. */
export const wholeMinutes = (minutes: number): number => Math.ceil(minutes - 0.05);
