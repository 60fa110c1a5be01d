/**
 * States of a delivery. `pending`: no attempt has ended yet; `retrying`: at least one failed and another is due;
 * `failed`: given up, dead-lettered; `held`: its subscription is disabled.
 */
export type DeliveryStatus = 'pending' | 'retrying' | 'delivered' | 'failed' | 'cancelled' | 'held';

/** What became of one HTTP try. */
export type AttemptOutcome =
  | 'delivered'
  | 'http_error'
  | 'redirect'
  | 'timeout'
  | 'dns_error'
  | 'tls_error'
  | 'connection_error'
  | 'blocked_address'
  | 'response_too_large'
  | 'not_confirmed';

export type AttemptTrigger = 'first' | 'retry' | 'replay' | 'test';
