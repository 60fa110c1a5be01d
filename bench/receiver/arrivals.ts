/** A range of event numbers, `from` included, `to` not. */
export interface EventRange {
  readonly from: number;
  readonly to: number;
}

/** When each event arrived first, by its number, and how many came again. */
export class Arrivals {
  /** Monotonic milliseconds; 0 for an event that has not arrived. */
  #at = new Float64Array(65_536);
  #repeated = 0;

  record(number: number, atMs: number): void {
    if (number >= this.#at.length) {
      const longer = new Float64Array(Math.max(number + 1, this.#at.length * 2));
      longer.set(this.#at);
      this.#at = longer;
    }
    if (this.#at[number] === 0) this.#at[number] = atMs;
    else this.#repeated += 1;
  }

  /** How many of a range have arrived. */
  count({ from, to }: EventRange): number {
    let count = 0;
    for (let i = from; i < to; i += 1) if ((this.#at[i] ?? 0) > 0) count += 1;
    return count;
  }

  /** The times of a range, 0 where nothing arrived. */
  slice({ from, to }: EventRange): Float64Array {
    const times = new Float64Array(to - from);
    times.set(this.#at.subarray(from, Math.min(to, this.#at.length)));
    return times;
  }

  /** How many events arrived that had arrived already. */
  get repeated(): number {
    return this.#repeated;
  }
}
