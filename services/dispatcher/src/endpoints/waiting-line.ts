import type { Lane } from './process-room.ts';

type Serve<Slot> = (slot: Slot) => void;

interface Place<Endpoint, Slot> {
  endpoint: Endpoint;
  serves: Serve<Slot>[];
}

/** Endpoints of one lane with somebody waiting, in the order in which they get their turn. */
type Queue<Endpoint, Slot> = Map<string, Place<Endpoint, Slot>>;

/** Who waits for a slot: first attempts before later ones, and endpoints in turns, so that none fills the line alone. */
export class WaitingLine<Endpoint extends { readonly id: string }, Slot> {
  readonly #queues: Record<Lane, Queue<Endpoint, Slot>> = { first: new Map(), later: new Map() };

  get isEmpty(): boolean {
    return this.#queues.first.size + this.#queues.later.size === 0;
  }

  /** Answers with how to leave again without having been served. */
  join(endpoint: Endpoint, lane: Lane, serve: Serve<Slot>): () => void {
    const queue = this.#queues[lane];
    const place = queue.get(endpoint.id) ?? { endpoint, serves: [] };
    place.serves.push(serve);
    queue.set(endpoint.id, place);
    return () => {
      place.serves.splice(place.serves.indexOf(serve), 1);
      if (place.serves.length === 0 && queue.get(endpoint.id) === place) queue.delete(endpoint.id);
    };
  }

  /** Serves the first one whom `slotFor` gives a slot; its endpoint then goes to the end of its queue. */
  serveOne(slotFor: (endpoint: Endpoint, lane: Lane) => Slot | null): void {
    for (const lane of ['first', 'later'] as const) {
      const queue = this.#queues[lane];
      for (const [id, place] of queue) {
        const slot = slotFor(place.endpoint, lane);
        if (slot === null) continue;
        const serve = place.serves.shift();
        queue.delete(id);
        if (place.serves.length > 0) queue.set(id, place);
        serve?.(slot);
        return;
      }
    }
  }
}
