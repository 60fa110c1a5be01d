/** Names of the headers that carry signatures (architecture, "What a merchant receives"). */
export const X_SIGNATURE = 'x-signature';
/** Standard Webhooks: the event id, the same on every attempt. */
export const WEBHOOK_ID = 'webhook-id';
/** Standard Webhooks: unix seconds of the attempt. */
export const WEBHOOK_TIMESTAMP = 'webhook-timestamp';
/** Standard Webhooks: `v1,<base64>`, several separated by spaces. */
export const WEBHOOK_SIGNATURE = 'webhook-signature';

/** How far a timestamp may lie in the past or the future, in seconds (Standard Webhooks, Stripe). */
export const DEFAULT_TOLERANCE_S = 300;
