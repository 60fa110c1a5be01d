import type { Stack } from '@owngateway/local-stack';

/** The platform raises a payment of a merchant that succeeded; `object` adds to what is said of it (003.9). */
export async function raiseEvent(
  stack: Pick<Stack, 'ingressUrl' | 'mintToken'>,
  merchant_id: string,
  object: object = {},
  { headers = {}, ...more }: { headers?: Readonly<Record<string, string>>; idempotency_key?: string } = {},
): Promise<void> {
  const token = stack.mintToken({ owner: { level: 'operator', id: '*' } });
  const response = await fetch(`${stack.ingressUrl}/v1/events`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      merchant_id,
      type: 'payment_succeeded',
      origin: 'system',
      object_type: 'payment',
      ...more,
      object: { status: 'succeeded', amount_minor: 100, currency: 'USD', ...object },
    }),
  });
  if (response.status !== 202) throw new Error(`POST /v1/events: ${response.status} ${await response.text()}`);
}
