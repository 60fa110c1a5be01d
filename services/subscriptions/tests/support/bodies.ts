/** The smallest body of a subscription; nothing listens there, and nothing is sent by this service. */
export function aSubscriptionBody(fields: object = {}): object {
  return { url: 'http://127.0.0.1:9/receiver?x=1', event_types: ['payment_*'], ...fields };
}
