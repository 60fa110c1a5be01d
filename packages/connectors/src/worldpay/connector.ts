import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type WorldpayCredential, type WorldpaySettings, worldpayCredential, worldpaySettings } from './credentials.ts';
import { worldpayGuide } from './guide.ts';
import { worldpayMapping } from './mapping.ts';
import { parseWorldpay } from './parse.ts';
import { verifyWorldpay } from './verify.ts';

/** Access Worldpay: exactly 200 within 10 s acknowledges; until then later events wait behind this one. */
export const worldpay: Connector<WorldpayCredential, WorldpaySettings> = {
  name: 'worldpay',
  title: 'Worldpay (Access)',
  credentialSchema: worldpayCredential,
  settingsSchema: worldpaySettings,
  // Hexadecimal, so that it is a key under either encoding.
  decoyCredential: () => ({ signing_secret: randomBytes(16).toString('hex') }),
  verify: verifyWorldpay,
  parse: parseWorldpay,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: worldpayGuide,
  mappings: worldpayMapping.published,
};
