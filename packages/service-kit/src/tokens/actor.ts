import { z } from 'zod';

/** The permissions a token can carry (api.md, Tokens). */
export const SCOPES = [
  'subscriptions:read',
  'subscriptions:write',
  'secrets:read',
  'events:read',
  'events:write',
  'notifications:raw',
  'deliveries:replay',
  'connectors:read',
  'connectors:write',
  'transactions:write',
  'merchants:write',
  'tokens:write',
  'audit:read',
] as const;

export type Scope = (typeof SCOPES)[number];

const ownerId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'Has 1 to 64 letters, digits, _ or -.');

/**
 * Whose token it is. An operator's id is a name for the audit trail, or `*`; it narrows nothing: an operator may act
 * for anyone.
 */
export const ownerClaim = z.discriminatedUnion('level', [
  z.strictObject({ level: z.literal('operator'), id: z.union([z.literal('*'), ownerId]) }),
  z.strictObject({ level: z.literal('reseller'), id: ownerId }),
  z.strictObject({ level: z.literal('portfolio'), id: ownerId }),
  z.strictObject({ level: z.literal('merchant'), id: ownerId }),
]);

export type TokenOwner = z.output<typeof ownerClaim>;

/** Who is calling, from a verified token. */
export interface Actor {
  /** `sub`: the person or system, for the audit trail. */
  subject: string;
  owner: TokenOwner;
  scopes: ReadonlySet<Scope>;
  jti: string;
  environment: 'sandbox' | 'production';
  expiresAt: Date;
}

/** The known scopes of a space-separated list; others, such as `openid`, grant nothing and are passed over. */
export function parseScopes(text: string): Set<Scope> {
  const known: ReadonlySet<string> = new Set(SCOPES);
  return new Set(text.split(' ').filter((word): word is Scope => known.has(word)));
}
