/** How many may be under way at once. */
export interface RoomSettings {
  total: number;
  perKey: number;
}

/** Bounds what is under way in all and for one key, so that one key cannot take all of it. */
export class Room {
  readonly #settings: RoomSettings;
  readonly #underWay = new Map<string, number>();
  #total = 0;

  constructor(settings: RoomSettings) {
    this.#settings = settings;
  }

  /** Runs the work if there is room for it; `full` otherwise. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result | 'full'> {
    const ofKey = this.#underWay.get(key) ?? 0;
    if (this.#total >= this.#settings.total || ofKey >= this.#settings.perKey) {
      return 'full';
    }
    this.#total += 1;
    this.#underWay.set(key, ofKey + 1);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  #leave(key: string): void {
    this.#total -= 1;
    const ofKey = (this.#underWay.get(key) ?? 1) - 1;
    if (ofKey === 0) {
      this.#underWay.delete(key);
    } else {
      this.#underWay.set(key, ofKey);
    }
  }
}
