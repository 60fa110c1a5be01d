import type { NormalisedEvent } from '@owngateway/domain';

/** A payment of one cent that has succeeded, as a connector reads it. */
export function paidEvent(occurredAt: Date): NormalisedEvent {
  return {
    type: 'payment_succeeded',
    origin: 'processor',
    occurredAt,
    objectType: 'payment',
    object: {
      connector_reference: 'tr_1',
      payment_reference: 'tr_1',
      merchant_reference: null,
      amount_minor: 1,
      currency: 'EUR',
      status: 'succeeded',
      detail: null,
      customer: null,
      metadata: {},
    },
    previous: null,
  };
}
