/** Last resort of every catalogue: a code nobody translated yet, in readable form. */
export type Say = () => string;

export function plain(code: string): string {
  const words = code.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_.]+/g, " ").trim().toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** CAD writes in capitals; a title reads better in sentence case. Short words stay, they are codes. */
export function title(nature: string): string {
  if (nature !== nature.toUpperCase()) return nature;
  const words = nature.split(" ").map((word) => (/^[A-Z]{1,3}$/.test(word) && !LITTLE.has(word) ? word : word.toLowerCase()));
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const LITTLE = new Set(["A", "AN", "AND", "AT", "BY", "FOR", "IN", "IS", "NO", "NOT", "OF", "ON", "OR", "OUT", "THE", "TO", "MAN", "GUN"]);

export const say = (table: Readonly<Record<string, Say>>, code: string): string => table[code]?.() ?? plain(code);
