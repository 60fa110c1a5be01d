import { createHash } from 'node:crypto';
import { type Actor, type Answer, invalidField, ProblemError, problems } from '@owngateway/service-kit';
import type { IdempotencyRepository, StoredAnswer } from '@owngateway/store';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The request's `Idempotency-Key`, if it has one. Throws a 422 when it is none. */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined || KEY.test(header)) {
    return header;
  }
  throw invalidField('Idempotency-Key', 'invalid', 'Must be 1 to 255 visible ASCII characters.');
}

/**
 * Answers a repeated request as the first time (api.md, Common rules): the same key with the same body within 24 h gives the
 * first answer again. Throws 422 for another body, 409 while the first one is running.
 */
export async function answerOnce(
  idempotency: IdempotencyRepository,
  request: { actor: Actor; key: string; body: Buffer; now: Date },
  answer: () => Promise<StoredAnswer>,
): Promise<Answer> {
  const { actor, body, now } = request;
  // Callers may put anything into their keys, so they are stored as digests.
  const { level, id } = actor.owner;
  const key = digest(JSON.stringify([level, id, 'POST /v1/events', request.key]));
  const requestHash = digest(body);
  const verdict = await idempotency.begin({ key, requestHash, now });
  switch (verdict.kind) {
    case 'answered':
      return { ...verdict.answer, headers: { 'Idempotent-Replayed': 'true' } };
    case 'mismatch':
      throw new ProblemError(problems.idempotency_key_reused);
    case 'unreadable':
      throw new ProblemError(problems.idempotency_answer_lost);
    case 'running':
      throw new ProblemError(problems.idempotency_key_in_use, { retryAfterS: 1 });
    case 'proceed':
      break;
  }
  try {
    const first = await answer();
    await idempotency.complete(key, first);
    return first;
  } catch (fault) {
    await idempotency.abandon(key).catch(() => undefined);
    throw fault;
  }
}

function digest(of: string | Buffer): string {
  return createHash('sha256').update(of).digest('hex');
}
