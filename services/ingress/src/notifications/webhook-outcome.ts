import type { ProblemError } from '@owngateway/service-kit';
import type { Reception } from './receive-notification.ts';

/** Why a notification was neither acknowledged nor refused. */
export type TurnedAway =
  | 'method'
  | 'content_encoding'
  | 'too_large'
  | 'overloaded'
  | 'aborted'
  | 'undecided'
  | 'late'
  | 'store_away'
  | 'fault';

/** How a request ended. */
export type WebhookOutcome =
  | Exclude<Reception, { kind: 'undecided' }>
  | { kind: 'turned_away'; reason: TurnedAway; problem: ProblemError };

export function turnAway(reason: TurnedAway, problem: ProblemError): WebhookOutcome {
  return { kind: 'turned_away', reason, problem };
}
