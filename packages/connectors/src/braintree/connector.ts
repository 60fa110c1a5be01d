import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import {
  type BraintreeCredential,
  type BraintreeSettings,
  braintreeCredential,
  braintreeSettings,
} from './credentials.ts';
import { braintreeGuide } from './guide.ts';
import { braintreeDecoy, braintreeHandshake } from './handshake.ts';
import { braintreeMapping } from './mapping.ts';
import { parseBraintree } from './parse.ts';
import { verifyBraintree } from './verify.ts';

/** Braintree: any 2xx within 30 s acknowledges. */
export const braintree: Connector<BraintreeCredential, BraintreeSettings> = {
  name: 'braintree',
  title: 'Braintree',
  credentialSchema: braintreeCredential,
  settingsSchema: braintreeSettings,
  decoyCredential: () => braintreeDecoy(randomBytes(32)),
  verify: verifyBraintree,
  parse: parseBraintree,
  handshake: braintreeHandshake,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: braintreeGuide,
  mappings: braintreeMapping.published,
};
