/** The database's clock as this process knows it; leases and ages are judged by it (rule 15). */
export interface DatabaseClock {
  now(): Date;
}
