import type { Request, Response } from 'express';
import type { Metrics } from '../metrics/metrics.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { problems } from '../problems/problem-kinds.ts';
import { type RateLimiter, rateLimitHeaders } from '../rate-limit/rate-limiter.ts';
import type { Actor, Scope } from '../tokens/actor.ts';
import type { TokenVerifier } from '../tokens/token-verifier.ts';
import { contextOf } from './request-context.ts';

const BEARER = /^Bearer +([^ ]+) *$/i;

/** Verifies the bearer token and takes one request from its allowance. Throws 401 or 429, or 503 when nobody knows. */
export function createAuthenticator(deps: {
  tokens: TokenVerifier;
  limiter: RateLimiter;
  metrics: Metrics | undefined;
}) {
  return async (request: Request, response: Response): Promise<Actor> => {
    const token = BEARER.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) {
      deps.metrics?.tokensRefused.inc({ reason: 'missing' });
      throw unauthenticated('Bearer realm="api"');
    }
    const context = contextOf(response);
    const verdict = await verify(deps.tokens, token);
    if (!verdict.ok) {
      deps.metrics?.tokensRefused.inc({ reason: verdict.reason });
      context.logger.info({ reason: verdict.reason }, 'token refused');
      throw unauthenticated('Bearer realm="api", error="invalid_token"');
    }
    context.caller = `${verdict.actor.owner.level}:${verdict.actor.owner.id}`;
    const allowance = deps.limiter.take(verdict.actor.jti);
    response.set(rateLimitHeaders(allowance));
    if (!allowance.allowed) throw new ProblemError(problems.rate_limited, { retryAfterS: allowance.retryAfterS });
    return verdict.actor;
  };
}

async function verify(tokens: TokenVerifier, token: string) {
  try {
    return await tokens.verify(token);
  } catch (cause) {
    throw new ProblemError(problems.unavailable, { retryAfterS: 5, cause });
  }
}

function unauthenticated(challenge: string): ProblemError {
  return new ProblemError(problems.unauthenticated, { headers: { 'WWW-Authenticate': challenge } });
}

/** Throws a 403 that names the missing scopes. Also for handlers whose need depends on the request. */
export function requireScope(actor: Actor, ...scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !actor.scopes.has(scope));
  if (missing.length === 0) return;
  throw new ProblemError(problems.forbidden, { detail: `The token lacks ${missing.join(', ')}.` });
}
