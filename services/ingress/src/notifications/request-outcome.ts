import { methodNotAllowed, ProblemError, problems, unavailable } from '@owngateway/service-kit';
import { isStoreUnavailable } from '@owngateway/store';
import type { Request } from 'express';
import type { AccountPath } from '../accounts/account-path.ts';
import { type Evidence, GATHERING_MS } from '../evidence/evidence.ts';
import type { AnswerHandshake, HandshakeReception } from '../handshake/answer-handshake.ts';
import { within } from '../time/within.ts';
import type { IntakeLimit } from './intake-limit.ts';
import { rawNotificationOf } from './raw-notification.ts';
import type { ReceiveNotification, Reception } from './receive-notification.ts';
import type { RefusalGate } from './refusal-gate.ts';
import { readBody } from './request-body.ts';
import { type TurnedAway, turnAway, type WebhookOutcome } from './webhook-outcome.ts';

/** No connector sends as much; GoCardless's 250 events have about 200 KB. */
const MAX_BODY_BYTES = 1_048_576;
/** Razorpay waits 5 s, others longer: a 503 in time is better than no answer. */
const ANSWER_WITHIN_MS = 4_000;
/** For reading the account after gathering, so that it does not show in when a refusal comes. */
const AFTER_GATHERING_MS = 100;
/** Refusals that wait for as long as gathering may take, at a time. */
const MOST_LONG_WAITS = 1_000;
const RETRY_AFTER_S = 5;

export interface RequestOutcomeParts {
  receive: ReceiveNotification;
  answerHandshake: AnswerHandshake;
  evidence: Pick<Evidence, 'mayBeNeeded'>;
  limit: IntakeLimit;
  publicUrl: string;
  gate: RefusalGate;
  /** 4,000 ms unless given. */
  answerWithinMs?: number;
}

/** What becomes of one request. Never rejects. */
export type RequestOutcome = (request: Request, path: AccountPath) => Promise<WebhookOutcome>;

export function createRequestOutcome(parts: RequestOutcomeParts): RequestOutcome {
  const { gate, limit } = parts;
  const withinMs = parts.answerWithinMs ?? ANSWER_WITHIN_MS;
  let longWaits = 0;

  async function handshake(request: Request, path: AccountPath): Promise<WebhookOutcome> {
    const arrived = gate.stroke;
    const at = request.originalUrl.indexOf('?');
    const query = at < 0 ? '' : request.originalUrl.slice(at + 1);
    const outcome = await settle(parts.answerHandshake(path, query), withinMs);
    // Also a 405: whether there was something to be asked must not show in how long it took.
    await gate.open(arrived);
    return outcome;
  }

  async function notification(request: Request, path: AccountPath): Promise<WebhookOutcome> {
    const reading = await readBody(request, MAX_BODY_BYTES, limit);
    if (reading.kind === 'too_large') {
      const detail = `The limit is ${MAX_BODY_BYTES} bytes.`;
      return turnAway('too_large', new ProblemError(problems.payload_too_large, { detail }));
    }
    if (reading.kind !== 'read') {
      return putOff(reading.kind);
    }
    const { body, held } = reading;
    if (!limit.enter()) {
      held.release();
      return putOff('overloaded');
    }
    // From here on the sender has no part in how long it takes.
    const arrived = gate.stroke;
    const raw = rawNotificationOf(request, path, body, parts.publicUrl);
    const isLong = parts.evidence.mayBeNeeded(raw);
    const work = parts.receive(path, raw).finally(() => {
      limit.leave();
      held.release();
    });
    const outcome = await settle(work, withinMs);
    return outcome.kind === 'refused' ? refuseInTime(outcome, arrived, isLong) : outcome;
  }

  /** No sooner than any other refusal of such a request, whatever was looked at for it (000.24). */
  async function refuseInTime(refusal: WebhookOutcome, arrived: number, isLong: boolean): Promise<WebhookOutcome> {
    if (!isLong) {
      await gate.open(arrived);
      return refusal;
    }
    if (longWaits >= MOST_LONG_WAITS) {
      return putOff('overloaded');
    }
    longWaits += 1;
    await gate.open(arrived, GATHERING_MS + AFTER_GATHERING_MS);
    longWaits -= 1;
    return refusal;
  }

  return async (request, path) => {
    if (request.method === 'GET') {
      return handshake(request, path);
    }
    if (request.method !== 'POST') {
      return notAllowed();
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
      const detail = 'Content-Encoding is not supported.';
      return turnAway('content_encoding', new ProblemError(problems.unsupported_media_type, { detail }));
    }
    return notification(request, path);
  };
}

/** Waits for the work, but not for ever: a write that comes too late makes the connector's repeat a duplicate. */
async function settle(work: Promise<Reception | HandshakeReception>, withinMs: number): Promise<WebhookOutcome> {
  try {
    // When it is late it goes on; should it fail then, nobody is left to be told.
    const reception = await within(work, withinMs, { kind: 'late' } as const);
    switch (reception.kind) {
      case 'acknowledged':
      case 'refused':
      case 'answered':
        return reception;
      case 'no_handshake':
        return notAllowed();
      default:
        return putOff(reception.kind);
    }
  } catch (fault) {
    return isStoreUnavailable(fault)
      ? putOff('store_away', fault)
      : turnAway('fault', new ProblemError(problems.internal, { cause: fault }));
  }
}

/** To be sent again: a 503. */
function putOff(reason: TurnedAway, fault?: unknown): WebhookOutcome {
  return turnAway(reason, unavailable(fault, RETRY_AFTER_S));
}

/** The same for every address: which of them GET would be answered for is nobody's business. */
function notAllowed(): WebhookOutcome {
  return turnAway('method', methodNotAllowed(['POST']));
}
