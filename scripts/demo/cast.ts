import { randomBytes } from 'node:crypto';
import {
  type ConnectedAccount,
  connectAccount,
  createMerchant,
  type Merchant,
  subscribe,
} from '../../tests/parties/onboarding.ts';
import { openReceiver, type Receiver } from '../../tests/parties/receiver.ts';
import type { ReceiverMode } from '../../tests/parties/receiver-mode.ts';
import type { Gateway } from './gateway.ts';
import type { Narrator } from './narrator.ts';

/** A receiver and what the gateway knows of it. */
export interface Subscriber {
  receiver: Receiver;
  subscriptionId: string;
}

/** Everybody in the story. */
export interface Cast {
  /** Unlike any other run's, so that vendors' ids are. */
  run: string;
  merchant: Merchant;
  accounts: { stripe: ConnectedAccount; adyen: ConnectedAccount; gocardless: ConnectedAccount };
  subscribers: { shop: Subscriber; shaky: Subscriber; broken: Subscriber };
  close(): Promise<void>;
}

/** Two retries, a second apart: a merchant would take `exponential-24h`, a story can't wait that long. */
const QUICK = { retry_policy: { delays_s: [1, 1] } };

export async function introduce(gateway: Gateway, narrator: Narrator): Promise<Cast> {
  const run = randomBytes(4).toString('hex');
  const merchant = await createMerchant(gateway.operator, gateway.apiUrl, `m_demo_${run}`);
  narrator.say(`Merchant ${merchant.id} is connected to three payment companies, each with a made-up secret:`);
  const connect = async (connector: 'stripe' | 'adyen' | 'gocardless') => {
    const account = await connectAccount(gateway.operator, merchant.id, connector);
    narrator.show(`${connector.padEnd(10)} calls ${account.url}`);
    return account;
  };
  const accounts = {
    stripe: await connect('stripe'),
    adyen: await connect('adyen'),
    gocardless: await connect('gocardless'),
  };

  narrator.say('It subscribes three servers of its own to every event, with two retries a second apart:');
  const join = async (name: string, mode: ReceiverMode, manner: string): Promise<Subscriber> => {
    const receiver = await openReceiver(name, mode);
    const { id } = await subscribe(merchant.api, receiver, QUICK);
    narrator.show(`${name.padEnd(10)} ${receiver.url}  ${id}  ${manner}`);
    return { receiver, subscriptionId: id };
  };
  const subscribers = {
    shop: await join('shop', { kind: 'ok' }, 'is always there'),
    shaky: await join('shaky', { kind: 'fail_then_ok', times: 2, status: 503 }, 'fails twice, then takes it'),
    broken: await join('broken', { kind: 'status', status: 500 }, 'never takes anything, for now'),
  };
  return {
    run,
    merchant,
    accounts,
    subscribers,
    async close() {
      // A gateway that goes on must not try to reach receivers that are gone.
      for (const { receiver, subscriptionId } of Object.values(subscribers)) {
        await merchant.api.delete(`/v1/subscriptions/${subscriptionId}`).catch(() => undefined);
        await receiver.close();
      }
    },
  };
}
