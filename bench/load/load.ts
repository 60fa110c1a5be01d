import type { Target } from './sender.ts';

/** How requests follow each other. */
export type Pace =
  /** The next one is sent when one of `concurrency` was answered. */
  | { readonly kind: 'closed'; readonly concurrency: number }
  /** One is sent every 1/`perSecond` s, whatever the answers do. */
  | { readonly kind: 'open'; readonly perSecond: number };

/** What the requests hold. Request `i` goes to target `number % targets`. */
export type Content =
  /** Stripe's notifications, each signed with its target's secret beforehand. */
  | { readonly kind: 'notifications'; readonly secrets: readonly string[] }
  /** What merchants are sent, signed while it is sent. */
  | { readonly kind: 'merchant-requests'; readonly sample: string };

/** A bounded load. */
export interface Load {
  /** Number of the first event; the others follow. */
  readonly from: number;
  readonly count: number;
  readonly targets: readonly Target[];
  readonly content: Content;
  readonly pace: Pace;
}

/** What became of a load. */
export interface LoadResult {
  /** Just before each request was sent: monotonic milliseconds. */
  readonly sentAtMs: Float64Array;
  /** When each was answered. */
  readonly endedAtMs: Float64Array;
  /** How many were answered with each status; 0 stands for no answer. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Open pace: how late the latest percent was sent, at least, in milliseconds. What the generator itself adds. */
  readonly lateP99Ms: number;
}
