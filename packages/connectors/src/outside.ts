/** What came of asking a vendor. */
export type OutsideAnswer =
  /** Any answer, whatever its status; redirects are answers, and are not followed. Names of headers are in lower case. */
  | { kind: 'answered'; status: number; headers: Readonly<Record<string, string>>; body: string }
  /** None came. `detail` is one of a short fixed list, such as "the connection was refused"; it names no address. */
  | { kind: 'unanswered'; detail: string };

/** The way out that a connector is lent when it must ask its vendor: guarded, bounded in time and bytes (packages/outbound). */
export interface Outside {
  /** A GET. Never rejects for anything that the vendor, the network or the URL does. */
  get(url: string, headers: Readonly<Record<string, string>>): Promise<OutsideAnswer>;
}
