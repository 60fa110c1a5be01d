import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type AdyenCredential, type AdyenSettings, adyenCredential, adyenSettings } from './credentials.ts';
import { adyenGuide } from './guide.ts';
import { adyenMapping } from './mapping.ts';
import { parseAdyen } from './parse.ts';
import { verifyAdyen } from './verify.ts';

/** Adyen standard webhooks: any 2xx within 10 s acknowledges; accounts set up earlier wait for the text. */
export const adyen: Connector<AdyenCredential, AdyenSettings> = {
  name: 'adyen',
  title: 'Adyen',
  credentialSchema: adyenCredential,
  settingsSchema: adyenSettings,
  decoyCredential: () => ({ hmac_key: randomBytes(32).toString('hex').toUpperCase() }),
  verify: verifyAdyen,
  parse: parseAdyen,
  acknowledgement: { status: 200, contentType: 'text/plain', body: '[accepted]' },
  guide: adyenGuide,
  mappings: adyenMapping.published,
};
