import type { Recipient } from '../../invariants/check-invariants.ts';
import { type ConnectedAccount, connectAccount, type Merchant, subscribe } from '../../parties/onboarding.ts';
import type { Receiver } from '../../parties/receiver.ts';
import type { ReceiverMode } from '../../parties/receiver-mode.ts';
import type { World } from '../open-world.ts';

/** A merchant at Stripe, with receivers that want every event. */
export interface Shops extends Merchant {
  account: ConnectedAccount;
  recipients: Recipient[];
  /** The same, as they can be told how to behave. */
  receivers: Receiver[];
}

export async function openShops(
  world: World,
  merchantId: string,
  names: readonly string[],
  subscription: object = {},
  mode: ReceiverMode = { kind: 'ok' },
): Promise<Shops> {
  const merchant = await world.merchant(merchantId);
  const account = await connectAccount(world.operator, merchantId, 'stripe');
  const receivers = await Promise.all(names.map((name) => world.receiver(name, mode)));
  const recipients = await Promise.all(
    receivers.map(async (receiver) => {
      const { id: subscriptionId } = await subscribe(merchant.api, receiver, subscription);
      return { name: receiver.name, subscriptionId, merchantIds: [merchantId], receipts: receiver.receipts };
    }),
  );
  return { ...merchant, account, recipients, receivers };
}
