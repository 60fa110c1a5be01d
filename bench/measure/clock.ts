/**
 * Milliseconds of the machine's monotonic clock. The same in every process of this machine, which the end-to-end figures
 * rest on: sending and arriving are stamped in two processes.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
