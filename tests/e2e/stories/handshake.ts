import { BraintreeGateway, Environment } from 'braintree';
import { openSender } from '../../parties/sender.ts';
import { findEvent } from '../await-delivery.ts';
import type { World } from '../open-world.ts';

const KEYS = { public_key: 'public_of_the_shop', private_key: 'private_of_the_shop' };
const CHALLENGE = '20f9f8ed05f77439fe955c977e4c8a53';

/** Braintree asks before it sends anything, and judges the answer with its own library. */
export function handshakeStory(world: () => World): void {
  test('a Braintree webhook is confirmed, nobody learns who else has one, and its notifications are taken', async () => {
    const { operator } = world();
    const { api } = await world().merchant('m_braintree');
    const { webhook_url: url } = await operator.post<{ webhook_url: string }>('/v1/connector-accounts', {
      merchant_id: 'm_braintree',
      connector: 'braintree',
      credentials: [KEYS],
    });
    const gateway = new BraintreeGateway({
      environment: Environment.Sandbox,
      merchantId: 'shop',
      publicKey: KEYS.public_key,
      privateKey: KEYS.private_key,
    });
    expect(await ask(url)).toEqual([200, answerOf(gateway)]);

    const stranger = url.replace('m_braintree', 'm_nobody');
    const [status, decoy] = await ask(stranger);
    expect([status, decoy]).toEqual([200, expect.stringMatching(/^[a-z0-9]{16}\|[0-9a-f]{40}$/)]);
    expect(await ask(stranger)).toEqual([200, decoy]);
    expect([(await fetch(url)).status, (await fetch(stranger)).status]).toEqual([405, 405]);
    expect((await ask(url.replace(/braintree$/, 'stripe')))[0]).toBe(405);

    const sample = await gateway.webhookTesting.sampleNotification('transaction_settled', 'handshaken');
    const body = new URLSearchParams({ ...sample }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await openSender().post({ merchantId: 'm_braintree', url }, { body, headers, says: [] })).toBe(200);
    expect(await findEvent(api, 'handshaken')).toMatchObject({ connector: 'braintree' });
  });
}

async function ask(url: string): Promise<[status: number, body: string]> {
  const response = await fetch(`${url}?bt_challenge=${CHALLENGE}`);
  return [response.status, await response.text()];
}

/** What Braintree expects; its declarations leave this out. */
function answerOf({ webhookNotification }: BraintreeGateway): unknown {
  const verify: unknown = Reflect.get(webhookNotification, 'verify');
  return typeof verify === 'function' ? verify.call(webhookNotification, CHALLENGE) : undefined;
}
