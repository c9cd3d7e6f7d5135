/** What a person chose for this browser: looks and keys, never anything about a call. */
import { overwriteGetLocale, type Locale } from "../paraglide/runtime.js";

export type Theme = "system" | "dark" | "light";
export type Density = "comfortable" | "compact";

interface Stored {
  theme: Theme;
  density: Density;
  locale: Locale;
  singleKeys: boolean;
}

const NAME = "tandem.settings";

function load(): Stored {
  const usual: Stored = {
    theme: "system",
    density: "comfortable",
    locale: navigator.language.startsWith("es") ? "es" : "en",
    singleKeys: true,
  };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Stored>) };
  } catch {
    return usual; // storage is off or was edited by hand
  }
}

class Settings {
  #stored = $state(load());
  #systemLight = $state(matchMedia("(prefers-color-scheme: light)").matches);

  constructor() {
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", (change) => {
      this.#systemLight = change.matches;
      this.#show();
    });
    // Messages read the locale through this rune, so a change of language re-renders what is on screen.
    overwriteGetLocale(() => this.#stored.locale);
    this.#show();
  }

  get theme(): "dark" | "light" {
    if (this.#stored.theme === "system") return this.#systemLight ? "light" : "dark";
    return this.#stored.theme;
  }
  get chosenTheme(): Theme {
    return this.#stored.theme;
  }
  get density(): Density {
    return this.#stored.density;
  }
  get locale(): Locale {
    return this.#stored.locale;
  }
  get singleKeys(): boolean {
    return this.#stored.singleKeys;
  }

  choose(change: Partial<Stored>): void {
    Object.assign(this.#stored, change);
    try {
      localStorage.setItem(NAME, JSON.stringify(this.#stored));
    } catch {
      // storage is off: the choice holds for this page
    }
    this.#show();
  }

  #show(): void {
    const root = document.documentElement;
    root.dataset.theme = this.theme;
    root.dataset.density = this.density;
    root.lang = this.#stored.locale;
  }
}

export const settings = new Settings();
