import type { Request, Response } from 'express';
import type { Metrics } from '../metrics/metrics.ts';
import { ProblemError, unavailable } from '../problems/problem-error.ts';
import { problems } from '../problems/problem-kinds.ts';
import { type RateLimiter, rateLimitHeaders } from '../rate-limit/rate-limiter.ts';
import type { Actor, Scope } from '../tokens/actor.ts';
import type { TokenRefusal, TokenVerifier } from '../tokens/token-verifier.ts';
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
      throw unauthenticated('Bearer realm="api"', 'No token was sent: `Authorization: Bearer <token>` is required.');
    }
    const context = contextOf(response);
    const verdict = await verify(deps.tokens, token);
    if (!verdict.ok) {
      deps.metrics?.tokensRefused.inc({ reason: verdict.reason });
      context.logger.info({ reason: verdict.reason }, 'token refused');
      throw unauthenticated('Bearer realm="api", error="invalid_token"', detailOf(verdict.reason));
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
    throw unavailable(cause);
  }
}

function unauthenticated(challenge: string, detail: string): ProblemError {
  return new ProblemError(problems.unauthenticated, { detail, headers: { 'WWW-Authenticate': challenge } });
}

/** Told is only what the holder of a genuine token may know of it; why another is none is for the log. */
function detailOf(reason: TokenRefusal): string {
  switch (reason) {
    case 'expired':
      return 'The token has expired.';
    case 'not_yet_valid':
      return 'The token is not valid yet.';
    case 'revoked':
      return 'The token was revoked.';
    case 'wrong_environment':
      return 'The token is for another environment.';
    case 'malformed':
    case 'critical_header':
    case 'unknown_key':
    case 'bad_signature':
    case 'wrong_issuer_or_audience':
    case 'wrong_claims':
      return 'The token is malformed, or was not signed for this gateway.';
  }
}

/** Throws a 403 that names the missing scopes. Also for handlers whose need depends on the request. */
export function requireScope(actor: Actor, ...scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !actor.scopes.has(scope));
  if (missing.length === 0) return;
  throw new ProblemError(problems.forbidden, { detail: `The token lacks ${missing.join(', ')}.` });
}
