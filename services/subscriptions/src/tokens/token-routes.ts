import {
  type App,
  created,
  noContent,
  notFound,
  ownerClaim,
  ProblemError,
  problems,
  route,
  SCOPES,
  type Scope,
} from '@owngateway/service-kit';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { invalid } from '../api/invalid.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { MAX_TOKEN_LIFE_S, type mintForOwner } from './mint-for-owner.ts';
import type { revokeToken } from './revoke-token.ts';

const tags = ['Tokens'];

const scopeWord = z.enum(SCOPES, { error: 'Is not a known permission.' });

const scopeText = z
  .string()
  .min(1)
  .max(2_000)
  .transform((text, context): Scope[] => {
    const words = z
      .array(scopeWord)
      .min(1)
      .safeParse(text.split(' ').filter((word) => word !== ''));
    if (words.success) return [...new Set(words.data)];
    context.addIssue({ code: 'custom', message: `Is a space-separated list of ${SCOPES.join(', ')}.` });
    return z.NEVER;
  });

const mintBody = z.strictObject({
  owner: ownerClaim,
  scope: scopeText,
  expires_in_s: z.int().min(60).max(MAX_TOKEN_LIFE_S).optional(),
});

const mintedBody = z.object({
  token: z.string(),
  jti: z.string(),
  expires_at: z.iso.datetime(),
  dashboard_url: z.string(),
});

/** `/v1/tokens` */
export function addTokenRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    mint: ReturnType<typeof mintForOwner>;
    revoke: ReturnType<typeof revokeToken>;
    publicApiUrl: string;
  },
): void {
  route(app, {
    method: 'post',
    path: '/v1/tokens',
    summary: 'Mints a token for an owner',
    description:
      'It never exceeds its minter: not in reach, not in permissions, not in life. One hour unless told otherwise.',
    tags,
    scope: 'tokens:write',
    body: mintBody,
    responses: { 201: { description: 'The token; it is not shown again', schema: mintedBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const { owner, scope: scopes, expires_in_s: expiresInS } = input.body;
        const outcome = await deps.mint(await deps.callerOf(input), { owner, scopes, expiresInS });
        switch (outcome.kind) {
          case 'minted': {
            const { token, jti, expiresAt } = outcome.minted;
            const dashboard_url = `${deps.publicApiUrl}/dashboard`;
            return created({ token, jti, expires_at: expiresAt.toISOString(), dashboard_url });
          }
          case 'invalid':
            throw invalid(outcome.faults);
          case 'minted_elsewhere':
            throw new ProblemError(problems.tokens_minted_elsewhere);
        }
      }),
  });

  route(app, {
    method: 'delete',
    path: '/v1/tokens/:jti',
    summary: 'Revokes a token before it expires',
    tags,
    scope: 'tokens:write',
    params: { jti: z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/) },
    responses: { 204: { description: 'Revoked' } },
    handler: async (input) => {
      const outcome = await deps.revoke(await deps.callerOf(input), input.params.jti);
      if (outcome === 'not_found') throw notFound();
      return noContent();
    },
  });
}
