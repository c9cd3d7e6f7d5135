/** The one clock of the page: whole seconds of the service's time. */

class Clock {
  now = $state(Date.now());
  #ahead = 0;

  constructor() {
    const beat = (): void => {
      this.now = this.exact();
      setTimeout(beat, 1000 - (this.now % 1000));
    };
    beat();
  }

  /** Milliseconds, not rounded to the beat. */
  exact(): number {
    return Date.now() + this.#ahead;
  }

  /** Take over the service's time; small jitter of the network is not followed. */
  correct(ahead: number): void {
    if (Math.abs(ahead - this.#ahead) > 250) this.#ahead = ahead;
  }
}

export const clock = new Clock();
