/** Named leases for work that one replica does at a time, judged by the database's clock (rules 5 and 15). */
export interface LeaseRepository {
  /** True when `holder` has the lease for `ttlMs` from now, newly or again. */
  acquire(name: string, holder: string, ttlMs: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}
