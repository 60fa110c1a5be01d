/** Which attempts a request belongs to: a delivery's first one, or a later one (a retry, a replay, a backlog). */
export type Lane = 'first' | 'later';

/** Endpoints that hang, are slow or have not answered for a moment may fill this part of a process together. */
const DOUBTFUL_PART = 1 / 2;

/** Later attempts of well endpoints may fill this part, and more only while half of the process is free. */
const LATER_PART = 1 / 4;

/**
 * The requests that a process may have in flight, and who may fill how much of them (promise P5). First attempts to
 * endpoints that are well may have all of it.
 */
export class ProcessRoom {
  readonly #slots: number;
  readonly #doubtfulSlots: number;
  readonly #laterSlots: number;
  #total = 0;
  #later = 0;

  constructor(slots: number) {
    this.#slots = slots;
    this.#doubtfulSlots = atLeastOne(slots * DOUBTFUL_PART);
    this.#laterSlots = atLeastOne(slots * LATER_PART);
  }

  get total(): number {
    return this.#total;
  }

  get isFull(): boolean {
    return this.#total >= this.#slots;
  }

  /** Whether a request of this lane may go to an endpoint that is well. */
  hasFor(lane: Lane): boolean {
    if (this.isFull) return false;
    return lane === 'first' || this.#later < this.#laterSlots || this.#total < this.#slots / 2;
  }

  /** Whether another one may go to an endpoint that is in doubt. `count` says what such endpoints have in flight; it is asked only if that matters. */
  hasForDoubtful(count: () => number): boolean {
    if (this.isFull) return false;
    return this.#total < this.#doubtfulSlots || count() < this.#doubtfulSlots;
  }

  /** Answers with how the request leaves again, once. Requests in doubt have a bound of their own and do not count as later ones. */
  enter(lane: Lane, isDoubtful: boolean): () => void {
    const countsAsLater = lane === 'later' && !isDoubtful;
    this.#total += 1;
    if (countsAsLater) this.#later += 1;
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#total -= 1;
      if (countsAsLater) this.#later -= 1;
    };
  }
}

function atLeastOne(slots: number): number {
  return Math.max(1, Math.floor(slots));
}
