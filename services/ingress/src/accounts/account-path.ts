/** The two parts of `/webhooks/{merchant_id}/{connector_name}` (000.11). */
export interface AccountPath {
  merchantId: string;
  /** The connector account's name: `stripe` by default, `stripe-eu` for a second account. */
  name: string;
}

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether an account could have this path at all; one that could not is refused without asking the store. */
export function isPossiblePath({ merchantId, name }: AccountPath): boolean {
  return NAME.test(merchantId) && NAME.test(name);
}
