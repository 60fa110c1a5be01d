import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import {
  type GoCardlessCredential,
  type GoCardlessSettings,
  goCardlessCredential,
  goCardlessSettings,
} from './credentials.ts';
import { goCardlessGuide } from './guide.ts';
import { goCardlessMapping } from './mapping.ts';
import { parseGoCardless } from './parse.ts';
import { verifyGoCardless } from './verify.ts';

/** GoCardless: any 2xx within 10 s acknowledges, 204 is usual; a redirect counts as a failure. */
export const goCardless: Connector<GoCardlessCredential, GoCardlessSettings> = {
  name: 'gocardless',
  title: 'GoCardless',
  credentialSchema: goCardlessCredential,
  settingsSchema: goCardlessSettings,
  decoyCredential: () => ({ webhook_secret: randomBytes(20).toString('hex') }),
  verify: verifyGoCardless,
  parse: parseGoCardless,
  acknowledgement: { status: 204, contentType: null, body: '' },
  guide: goCardlessGuide,
  mappings: goCardlessMapping.published,
};
