/** Names of the published policies (000.20, 001.17-18). */
export type NamedRetryPolicy = 'three-retries' | 'exponential-24h';

/** How a subscription wants failed attempts repeated; `delays_s` is an explicit schedule (003.18). */
export type RetryPolicy = NamedRetryPolicy | { delays_s: number[] };
