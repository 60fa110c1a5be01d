import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type StripeCredential, type StripeSettings, stripeCredential, stripeSettings } from './credentials.ts';
import { stripeGuide } from './guide.ts';
import { stripeMapping } from './mapping.ts';
import { parseStripe } from './parse.ts';
import { verifyStripe } from './verify.ts';

/** Stripe: any 2xx acknowledges, its body is ignored (docs.stripe.com/webhooks). */
export const stripe: Connector<StripeCredential, StripeSettings> = {
  name: 'stripe',
  title: 'Stripe',
  credentialSchema: stripeCredential,
  settingsSchema: stripeSettings,
  decoyCredential: () => ({ signing_secret: `whsec_${randomBytes(24).toString('hex')}` }),
  verify: verifyStripe,
  parse: parseStripe,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: stripeGuide,
  mappings: stripeMapping.published,
};
