import { createHash } from 'node:crypto';
import { type Actor, type Answer, type Logger, ProblemError, problems } from '@owngateway/service-kit';
import type { IdempotencyRepository } from '@owngateway/store';
import { apiProblems } from '../problems.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The part of a route's input that decides whether two requests are the same. */
export interface KeyedRequest {
  actor: Actor;
  rawBody: Buffer;
  logger: Logger;
  request: { method: string; path: string; get(name: string): string | undefined };
}

/** Runs a creation once per Idempotency-Key; without the header it simply runs. */
export type OncePerKey = (request: KeyedRequest, create: () => Promise<Answer>) => Promise<Answer>;

/**
 * The first answer counts for 24 h. A request that failed is forgotten, so that it may be repeated with the same key. The
 * key belongs to the owner of the token and the path: nobody can ask for another's answer.
 */
export function oncePerKey(idempotency: IdempotencyRepository, now: () => Date): OncePerKey {
  return async (keyed, create) => {
    const given = keyed.request.get('idempotency-key');
    if (given === undefined) return create();
    if (!KEY.test(given)) throw new ProblemError(apiProblems.idempotency_key_malformed);
    const { level, id } = keyed.actor.owner;
    const key = digest(level, id, keyed.request.method, keyed.request.path, given);
    const verdict = await idempotency.begin({ key, requestHash: digest(keyed.rawBody), now: now() });
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
        return createAndKeep(idempotency, key, keyed.logger, create);
    }
  };
}

async function createAndKeep(
  idempotency: IdempotencyRepository,
  key: string,
  logger: Logger,
  create: () => Promise<Answer>,
): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await create();
  } catch (error) {
    await idempotency
      .abandon(key)
      .catch((fault: unknown) => logger.warn({ err: fault }, 'idempotency key not released'));
    throw error;
  }
  try {
    await idempotency.complete(key, { status: answer.status, body: answer.body });
  } catch (error) {
    // It was created; saying otherwise would invite a second one.
    logger.warn({ err: error }, 'answer not kept for its idempotency key');
  }
  return answer;
}

/** Each part is preceded by its length, so that no two lists of parts read the same. */
function digest(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}
