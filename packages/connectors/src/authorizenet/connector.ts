import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import {
  type AuthorizeNetCredential,
  type AuthorizeNetSettings,
  authorizeNetCredential,
  authorizeNetSettings,
} from './credentials.ts';
import { authorizeNetGuide } from './guide.ts';
import { authorizeNetMapping } from './mapping.ts';
import { parseAuthorizeNet } from './parse.ts';
import { verifyAuthorizeNet } from './verify.ts';

/** Authorize.Net: 200 acknowledges; after some ten refusals it switches the webhook off. */
export const authorizeNet: Connector<AuthorizeNetCredential, AuthorizeNetSettings> = {
  name: 'authorizenet',
  title: 'Authorize.Net',
  credentialSchema: authorizeNetCredential,
  settingsSchema: authorizeNetSettings,
  decoyCredential: () => ({ signature_key: randomBytes(64).toString('hex').toUpperCase() }),
  verify: verifyAuthorizeNet,
  parse: parseAuthorizeNet,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: authorizeNetGuide,
  mappings: authorizeNetMapping.published,
};
