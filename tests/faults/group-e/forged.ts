import { createHmac } from 'node:crypto';
import { numbersFrom, randomForgery, signedBody } from '../../../packages/connectors/src/testing/forgeries.ts';
import type { Notification } from '../../parties/notifications.ts';
import type { ConnectedAccount } from '../../parties/onboarding.ts';
import type { Post } from './poster.ts';

/** What a header's value may consist of, for the client to send it at all. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Random changes of a genuine notification: a bit, a byte more or less, a cut, a character of the signature. */
export function* randomForgeries(
  to: ConnectedAccount,
  genuine: Notification,
  name: string,
  seed: number,
): Generator<Post, never> {
  const below = numbersFrom(seed);
  const headers = Object.fromEntries(Object.entries(genuine.headers).map(([header, value]) => [header, [value]]));
  const raw = { method: 'POST', headers, query: '', body: Buffer.from(genuine.body), url: to.url };
  for (;;) {
    const forged = randomForgery(raw, signedBody, name, below);
    const value = forged.headers[name]?.[0] ?? '';
    // Upper-case digits are the same signature, and outer blanks are none of a header's value.
    if (!SENDABLE.test(value) || value.trim().toLowerCase() !== value) continue;
    yield { url: to.url, body: forged.body, headers: { ...genuine.headers, [name]: value } };
  }
}

const mac = (algorithm: string, key: string, ...parts: string[]) => {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac;
};

/** What somebody would try who knows how Stripe's signature is made, but not the secret. */
export function craftedForgeries({ url, secret }: ConnectedAccount, genuine: Notification): Post[] {
  const { body } = genuine;
  const value = genuine.headers['stripe-signature'] ?? '';
  const t = /^t=(\d+)/.exec(value)?.[1] ?? '';
  const hex = value.slice(value.indexOf('v1=') + 3);
  const of = (algorithm: string, key: string, text = `${t}.${body}`) => mac(algorithm, key, text).digest('hex');
  const values: (string | string[])[] = [
    '',
    ' ',
    't=,v1=',
    `t=${t}`,
    `v1=${hex}`,
    `t=${t},v0=${hex}`,
    `t=${t},V1=${hex}`,
    `t=${t};v1=${hex}`,
    `t=${Number(t) + 1},v1=${hex}`,
    `t=0${t},v1=${hex}`,
    `t=${t}.0,v1=${hex}`,
    `t=${t},t=${Number(t) + 1},v1=${hex}`,
    `t=-${t},v1=${hex}`,
    `t=${t},v1=${hex.slice(0, -1)}`,
    `t=${t},v1=${hex.slice(0, 32)}`,
    `t=${t},v1=${hex}0`,
    `t=${t},v1=${hex}${hex}`,
    `t=${t},v1=${'0'.repeat(64)}`,
    `t=${t},v1=${'z'.repeat(64)}`,
    `t=${t},v1=0x${hex}`,
    `t=${t},v1=${Buffer.from(hex, 'hex').toString('base64')}`,
    `t=${t},v1=${Buffer.from(hex, 'hex')
      .toString('latin1')
      .replaceAll(/[^\x20-\x7e]/g, '?')}`,
    `t=${t},v1="${hex}"`,
    `t=${t},v1=${of('sha1', secret)}`,
    `t=${t},v1=${of('sha512', secret)}`,
    `t=${t},v1=${of('sha512', secret).slice(0, 64)}`,
    `t=${t},v1=${of('md5', secret)}`,
    `t=${t},v1=${of('sha256', '')}`,
    `t=${t},v1=${of('sha256', 'undefined')}`,
    `t=${t},v1=${of('sha256', 'null')}`,
    `t=${t},v1=${of('sha256', 'secret')}`,
    `t=${t},v1=${of('sha256', secret.replace('whsec_', ''))}`,
    `t=${t},v1=${of('sha256', secret.toUpperCase())}`,
    `t=${t},v1=${of('sha256', secret, body)}`,
    `t=${t},v1=${of('sha256', secret, `.${body}`)}`,
    `t=${t},v1=${of('sha256', secret, `${t}${body}`)}`,
    `t=${t},v1=${of('sha256', secret, `${t}.`)}`,
    `sha256=${of('sha256', secret, body)}`,
    of('sha256', secret, body),
    `t=${t},v1=${'a'.repeat(8_000)}`,
    Array.from({ length: 500 }, () => `v1=${'0'.repeat(8)}`).join(','),
    [value, value],
    ['junk', value],
    [value, 'junk'],
  ];
  const crafted = values.map((one) => ({ url, body, headers: { 'stripe-signature': one } }));
  const signature = encodeURIComponent(value);
  return [
    ...crafted,
    { url, body, headers: {} },
    { url, body, headers: { 'x-stripe-signature': value } },
    { url, body, headers: { 'webhook-signature': hex } },
    { url: `${url}?stripe-signature=${signature}`, body, headers: {} },
    { url, body: '', headers: { 'stripe-signature': value } },
    { url, body: `${body} `, headers: { 'stripe-signature': value } },
    { url, body: body.replaceAll('"', "'"), headers: { 'stripe-signature': value } },
    { url, body: JSON.stringify({ ...JSON.parse(body), 'stripe-signature': value }), headers: {} },
    { url: url.replace('/stripe', '/gocardless'), body, headers: { 'stripe-signature': value } },
    { url: url.replace('/stripe', '/stripe-2'), body, headers: { 'stripe-signature': value } },
  ];
}
