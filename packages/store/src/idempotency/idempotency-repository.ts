/** The first answer to a request that carried an Idempotency-Key. Sealed in MongoDB: it may hold a secret. */
export interface StoredAnswer {
  status: number;
  body: unknown;
}

export type IdempotencyVerdict =
  /** This caller may go on and must `complete` or `abandon`. */
  | { kind: 'proceed' }
  | { kind: 'answered'; answer: StoredAnswer }
  /** It was carried out, but no key of the ring opens what was answered. */
  | { kind: 'unreadable' }
  /** The same key with another body. */
  | { kind: 'mismatch' }
  /** The first request is still running. */
  | { kind: 'running' };

/** Remembers answers for 24 h (TTL index). `key` already names tenant, route and the client's key. */
export interface IdempotencyRepository {
  begin(request: { key: string; requestHash: string; now: Date }): Promise<IdempotencyVerdict>;
  complete(key: string, answer: StoredAnswer): Promise<void>;
  /** The request failed and may be repeated with the same key. */
  abandon(key: string): Promise<void>;
}
