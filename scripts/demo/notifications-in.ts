import { parse } from 'gocardless-nodejs/webhooks';
import {
  adyenPayment,
  goCardlessPayments,
  type Notification,
  stripePayment,
} from '../../tests/parties/notifications.ts';
import type { ConnectedAccount } from '../../tests/parties/onboarding.ts';
import type { Sender } from '../../tests/parties/sender.ts';
import type { Cast } from './cast.ts';
import type { Narrator } from './narrator.ts';

const GOCARDLESS_EVENTS = 2;

/** The three companies say what happened, and somebody else tries to. */
export async function sendNotifications({ run, accounts }: Cast, sender: Sender, narrator: Narrator): Promise<void> {
  const { stripe, adyen, gocardless } = accounts;
  const send = async (who: string, account: ConnectedAccount, notification: Notification) => {
    const status = await sender.post(account, notification);
    narrator.show(`${who}: ${notification.says.map(({ type, reference }) => `${type} ${reference}`).join(', ')}`);
    narrator.check(
      status !== null && status >= 200 && status < 300,
      `acknowledged with ${status}: stored, and ours to deliver`,
    );
  };

  narrator.say('Stripe reports a payment, signed by its own package "stripe":');
  const genuine = stripePayment(run, stripe.secret);
  await send('stripe', stripe, genuine);

  narrator.say('Adyen reports three things at once, signed by its own package "@adyen/api-library":');
  await send('adyen', adyen, adyenPayment(run, adyen.secret));

  const batch = goCardlessPayments(run, GOCARDLESS_EVENTS, gocardless.secret);
  // Throws when the signature is not what the vendor would have made.
  const recognised = parse(batch.body, gocardless.secret, String(batch.headers['webhook-signature']));
  narrator.say(
    `GoCardless reports ${recognised.length} payments; its package "gocardless-nodejs" verifies the signature first:`,
  );
  await send('gocardless', gocardless, batch);

  narrator.say('Stripe is not sure that it was heard, and says the same again:');
  narrator.check((await sender.post(stripe, genuine)) === 200, 'acknowledged, and known: it raises no second event');

  narrator.say('Somebody without the secret invents a payment:');
  const forged = await sender.post(stripe, stripePayment(`forged${run}`, 'whsec_a_guess_of_somebody'));
  narrator.check(forged === 401, `refused with ${forged}, and nothing was stored`);
}
