import type { EvidenceSources, Gathering } from '../evidence.ts';
import { fieldsOf, isFields } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { textOfUtf8 } from '../payload/utf8.ts';
import { accessToken } from './access-token.ts';
import type { PayPalCredential, PayPalSettings } from './credentials.ts';
import { Vouching } from './evidence.ts';
import { ALGORITHM, fingerprintOf, type Transmission } from './transmission.ts';

/** Of an account, with what may be asked. */
interface Asking {
  credentials: readonly PayPalCredential[];
  settings: PayPalSettings;
  sources: EvidenceSources;
}

type Opinion = { kind: 'confirmed' } | { kind: 'denied' } | { kind: 'unknown'; detail: string };

/** PayPal does not take the request for one about a notification: what it says of it is as good as a denial. */
const NOT_A_NOTIFICATION: ReadonlySet<number> = new Set([400, 404, 422]);

/**
 * Asks PayPal's API (`POST /v1/notifications/verify-webhook-signature`) about each webhook of the account until it confirms
 * one. A webhook is decided by the first of its credentials that gets an answer, so that a secret may be replaced.
 */
export async function askPayPal(transmission: Transmission, body: Buffer, asking: Asking): Promise<Gathering> {
  const fingerprint = fingerprintOf(transmission, body);
  const event = eventOf(body);
  if (event === null) {
    return { kind: 'gathered', evidence: new Vouching(fingerprint, null) };
  }
  const undecided = new Set(asking.credentials.map((credential) => credential.webhook_id));
  let detail = 'no credential has a client id and a secret';
  for (const credential of asking.credentials) {
    const { webhook_id: webhookId } = credential;
    if (undecided.has(webhookId) && credential.client_id !== undefined) {
      const opinion = await opinionOn(requestOf(transmission, webhookId, event), credential, asking);
      if (opinion.kind === 'confirmed') {
        return { kind: 'gathered', evidence: new Vouching(fingerprint, webhookId) };
      }
      if (opinion.kind === 'denied') {
        undecided.delete(webhookId);
      } else {
        detail = opinion.detail;
      }
    }
  }
  return undecided.size === 0
    ? { kind: 'gathered', evidence: new Vouching(fingerprint, null) }
    : { kind: 'unavailable', detail };
}

/**
 * The body as it came, to be put into a request word for word. It must be one JSON object and nothing else: in
 * `{}, "webhook_id": "...` a sender would ask in our name about a webhook of its own.
 */
function eventOf(body: Buffer): string | null {
  const json = readJson(body);
  return json.ok && isFields(json.value) ? textOfUtf8(body) : null;
}

function requestOf({ id, time, signature, certificate }: Transmission, webhookId: string, event: string): string {
  const fields = JSON.stringify({
    auth_algo: ALGORITHM,
    cert_url: certificate.url,
    transmission_id: id,
    transmission_sig: signature,
    transmission_time: time,
    webhook_id: webhookId,
  });
  return `${fields.slice(0, -1)},"webhook_event":${event}}`;
}

async function opinionOn(
  request: string,
  { client_id: clientId = '', client_secret: clientSecret = '' }: PayPalCredential,
  { settings: { api_base_url: baseUrl }, sources }: Asking,
): Promise<Opinion> {
  const access = await accessToken({ baseUrl, clientId, clientSecret }, sources);
  if (!access.ok) {
    return { kind: 'unknown', detail: access.detail };
  }
  const headers = {
    authorization: `Bearer ${access.token}`,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const answer = await sources.post(`${baseUrl}/v1/notifications/verify-webhook-signature`, headers, request);
  if (answer.kind === 'unanswered') {
    return { kind: 'unknown', detail: `PayPal could not be asked: ${answer.detail}` };
  }
  const json = answer.status === 200 ? readJson(Buffer.from(answer.body)) : null;
  const { verification_status: status } = fieldsOf(json?.ok ? json.value : null);
  if (status === 'SUCCESS') {
    return { kind: 'confirmed' };
  }
  return status === 'FAILURE' || NOT_A_NOTIFICATION.has(answer.status)
    ? { kind: 'denied' }
    : { kind: 'unknown', detail: `PayPal gave no verdict: the answer was ${answer.status}` };
}
