import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type PayPalCredential, type PayPalSettings, payPalCredential, payPalSettings } from './credentials.ts';
import { gatherPayPalEvidence, mayNeedPayPalEvidence } from './gather-evidence.ts';
import { payPalGuide } from './guide.ts';
import { payPalMapping } from './mapping.ts';
import { parsePayPal } from './parse.ts';
import { verifyPayPal } from './verify.ts';

/** PayPal: any 2xx acknowledges; anything else is sent again, up to 25 times over three days. */
export const payPal: Connector<PayPalCredential, PayPalSettings> = {
  name: 'paypal',
  title: 'PayPal',
  credentialSchema: payPalCredential,
  settingsSchema: payPalSettings,
  decoyCredential: () => ({ webhook_id: randomBytes(9).toString('hex').slice(1).toUpperCase() }),
  mayNeedEvidence: mayNeedPayPalEvidence,
  gatherEvidence: gatherPayPalEvidence,
  verify: verifyPayPal,
  parse: parsePayPal,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: payPalGuide,
  mappings: payPalMapping.published,
};
