import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type RazorpayCredential, type RazorpaySettings, razorpayCredential, razorpaySettings } from './credentials.ts';
import { razorpayGuide } from './guide.ts';
import { razorpayMapping } from './mapping.ts';
import { parseRazorpay } from './parse.ts';
import { verifyRazorpay } from './verify.ts';

/** Razorpay: any 2xx within 5 s acknowledges; after 24 h without one it switches the webhook off (razorpay.com/docs/webhooks). */
export const razorpay: Connector<RazorpayCredential, RazorpaySettings> = {
  name: 'razorpay',
  title: 'Razorpay',
  credentialSchema: razorpayCredential,
  settingsSchema: razorpaySettings,
  decoyCredential: () => ({ webhook_secret: randomBytes(20).toString('hex') }),
  verify: verifyRazorpay,
  parse: parseRazorpay,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: razorpayGuide,
  mappings: razorpayMapping.published,
};
