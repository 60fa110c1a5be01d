import { createHash } from 'node:crypto';
import type { EvidenceSources, Remembered } from '../evidence.ts';
import { fieldsOf, text } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';

/** An app's id and secret, and the API that knows them. */
export interface ApiAccess {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
}

export type AccessToken = { ok: true; token: string } | { ok: false; detail: string };

/** PayPal's last for hours. One that it withdrew is used no longer than this. */
const MAX_TOKEN_MS = 600_000;
const REFUSED_MS = 60_000;
const UNAVAILABLE_MS = 10_000;

const TOKEN = /^[\x21-\x7e]{1,4096}$/;

/** A token for PayPal's API (api/rest/authentication), asked for once while it lasts. */
export function accessToken(access: ApiAccess, sources: EvidenceSources): Promise<AccessToken> {
  const { baseUrl, clientId, clientSecret } = access;
  const parts = JSON.stringify([baseUrl, clientId, clientSecret]);
  const key = createHash('sha256').update(parts).digest('hex');
  return sources.remember(`paypal:token:${key}`, () => load(access, sources));
}

async function load(access: ApiAccess, sources: EvidenceSources): Promise<Remembered<AccessToken>> {
  const { baseUrl, clientId, clientSecret } = access;
  const lasting = (value: AccessToken, ms: number) => ({ value, until: new Date(sources.now.getTime() + ms) });
  const headers = {
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  const answer = await sources.post(`${baseUrl}/v1/oauth2/token`, headers, 'grant_type=client_credentials');
  if (answer.kind === 'unanswered') {
    return lasting({ ok: false, detail: `PayPal could not be asked for a token: ${answer.detail}` }, 0);
  }
  if (answer.status === 401) {
    return lasting({ ok: false, detail: 'PayPal refuses the client id and secret' }, REFUSED_MS);
  }
  const json = answer.status === 200 ? readJson(Buffer.from(answer.body)) : null;
  const fields = fieldsOf(json?.ok ? json.value : null);
  const token = text(fields.access_token);
  if (token === null || !TOKEN.test(token)) {
    return lasting({ ok: false, detail: `PayPal gave no token: the answer was ${answer.status}` }, UNAVAILABLE_MS);
  }
  return lasting({ ok: true, token }, lifetimeMs(fields.expires_in));
}

/** Half of what PayPal says, so that none runs out on the way. */
function lifetimeMs(expiresInS: unknown): number {
  const isSaid = typeof expiresInS === 'number' && expiresInS >= 0;
  return Math.min(isSaid ? expiresInS * 500 : UNAVAILABLE_MS, MAX_TOKEN_MS);
}
