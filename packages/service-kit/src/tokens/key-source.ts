import { createSecretKey } from 'node:crypto';
import { parseJwkSet, parsePublicKeys, type VerificationKey } from './public-keys.ts';
import type { TokenKeys } from './token-settings.ts';

/** Reads a URL and answers with the parsed JSON, or throws. `packages/outbound` provides one that is guarded. */
export type FetchJson = (url: string) => Promise<unknown>;

/** The keys that a token with this `kid` may have been signed with. Rejects when they cannot be read at all. */
export type KeySource = (kid: string | undefined) => Promise<readonly VerificationKey[]>;

const JWKS_FRESH_MS = 10 * 60_000;
const JWKS_MIN_INTERVAL_MS = 30_000;

/** Keys from the settings. `fetchJson` is only needed for a JWKS URL. */
export function createKeySource(keys: TokenKeys, options: { fetchJson?: FetchJson; now: () => number }): KeySource {
  if (keys.kind === 'secret') {
    const key: VerificationKey = { kid: undefined, algorithm: 'HS256', key: createSecretKey(Buffer.from(keys.secret)) };
    return async () => [key];
  }
  if (keys.kind === 'public') {
    const all = parsePublicKeys(keys.keys);
    return async (kid) => matching(all, kid);
  }
  if (options.fetchJson === undefined) throw new Error('JWT_JWKS_URL needs a fetchJson');
  return createJwksSource(keys.url, options.fetchJson, options.now);
}

/** Keys without an id may have signed any token; keys with one only the tokens that name it. */
function matching(keys: readonly VerificationKey[], kid: string | undefined): VerificationKey[] {
  return keys.filter((key) => kid === undefined || key.kid === undefined || key.kid === kid);
}

/**
 * A JWK set that is read again when it is old or when a token names an unknown key, but at most every 30 s: strangers
 * must not be able to make us hammer the identity provider. Old keys stay in use while it is away.
 */
function createJwksSource(url: string, fetchJson: FetchJson, now: () => number): KeySource {
  let keys: readonly VerificationKey[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let lastFault: unknown;

  async function load(): Promise<void> {
    triedAt = now();
    try {
      keys = parseJwkSet(await fetchJson(url));
      loadedAt = now();
      lastFault = undefined;
    } catch (error) {
      lastFault = error;
    } finally {
      loading = undefined;
    }
  }

  return async (kid) => {
    const unknown = kid !== undefined && !keys.some((key) => key.kid === kid);
    const stale = now() - loadedAt > JWKS_FRESH_MS;
    if ((unknown || stale) && loading === undefined && now() - triedAt >= JWKS_MIN_INTERVAL_MS) loading = load();
    if ((unknown || keys.length === 0) && loading !== undefined) await loading;
    if (loadedAt === Number.NEGATIVE_INFINITY) throw new Error('the JWK set cannot be read', { cause: lastFault });
    return matching(keys, kid);
  };
}
