import { z } from 'zod';
import { ownerClaim } from './actor.ts';

const shortText = z.string().min(1).max(200);

/**
 * The claims that every token carries. jsonwebtoken accepts a `sub` that is an object and a token without `exp`, so the
 * shape is checked here; claims beyond these are an identity provider's own and are passed over.
 */
export const tokenClaims = z.object({
  iss: shortText,
  aud: z.union([shortText, z.array(shortText)]),
  exp: z.number().int(),
  sub: shortText,
  jti: z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/),
  owner: ownerClaim,
  environment: z.enum(['sandbox', 'production']),
  scope: z.string().max(2000),
});

export type TokenClaims = z.output<typeof tokenClaims>;
