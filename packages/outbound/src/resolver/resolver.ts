/** One answer of the name system. */
export interface ResolvedAddress {
  /** Dotted quad or IPv6 text. Whatever else stands here is refused by the address guard. */
  address: string;
  /** How long the answer may be kept, in seconds; absent means that the resolver does not know. */
  ttlS?: number;
}

/** Turns a host name into all of its addresses. */
export interface Resolver {
  /**
   * All addresses of both families. Throws (rejects) when there are none or when the name system fails; callers fail
   * closed. It may be slow or hang: callers bring their own time budget.
   */
  resolve(hostname: string): Promise<readonly ResolvedAddress[]>;
  /** Gives up what is under way; the resolver is not used afterwards. */
  close?(): void;
}
