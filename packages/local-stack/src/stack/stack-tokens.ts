import { randomUUID } from 'node:crypto';
import { mintToken, SCOPES, type Scope, type TokenOwner } from '@owngateway/service-kit';
import type { Settings } from './service-settings.ts';

const DAY_S = 86_400;
const LIFETIME_S = 30 * DAY_S;

/** What a merchant may do with a token of its own. */
const MERCHANT_SCOPES: readonly Scope[] = SCOPES.filter(
  (scope) => !['merchants:write', 'events:write'].includes(scope),
);

/** Who a token is for and how far it reaches; 30 days and everything that suits its owner unless said otherwise. */
export interface StackTokenRequest {
  readonly owner: TokenOwner;
  readonly scopes?: readonly Scope[];
  readonly expiresInS?: number;
}

/** Mints a token that this stack's services accept. */
export function mintStackToken(settings: Settings, request: StackTokenRequest): string {
  const { owner } = request;
  return mintToken(
    {
      issuer: settings.JWT_ISSUER ?? '',
      audience: settings.JWT_AUDIENCE ?? '',
      environment: settings.ENVIRONMENT === 'production' ? 'production' : 'sandbox',
      keys: { kind: 'secret', secret: settings.JWT_SECRET ?? '' },
    },
    {
      subject: `local-stack:${owner.level}:${owner.id}`,
      owner,
      scopes: request.scopes ?? (owner.level === 'operator' ? SCOPES : MERCHANT_SCOPES),
      jti: randomUUID(),
      expiresInS: request.expiresInS ?? LIFETIME_S,
      now: new Date(),
    },
  ).token;
}
