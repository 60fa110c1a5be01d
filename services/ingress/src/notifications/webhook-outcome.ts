import type { ProblemError } from '@owngateway/service-kit';
import type { HandshakeReception } from '../handshake/answer-handshake.ts';
import type { Reception } from './receive-notification.ts';

/** Why a notification was neither acknowledged nor refused. */
export type TurnedAway =
  | 'method'
  | 'content_encoding'
  | 'too_large'
  | 'overloaded'
  | 'aborted'
  | 'undecided'
  | 'unprovable'
  | 'too_many_looks'
  | 'late'
  | 'store_away'
  | 'fault';

/** How a request ended. */
export type WebhookOutcome =
  | Extract<Reception, { kind: 'acknowledged' | 'refused' }>
  | Extract<HandshakeReception, { kind: 'answered' }>
  | { kind: 'turned_away'; reason: TurnedAway; problem: ProblemError };

export function turnAway(reason: TurnedAway, problem: ProblemError): WebhookOutcome {
  return { kind: 'turned_away', reason, problem };
}
