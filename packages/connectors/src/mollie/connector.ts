import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type MollieCredential, type MollieSettings, mollieCredential, mollieSettings } from './credentials.ts';
import { enrichMollie } from './enrich.ts';
import { mollieGuide } from './guide.ts';
import { mollieMapping } from './mapping.ts';
import { parseMollie } from './parse.ts';
import { verifyMollie } from './verify.ts';

/** Mollie: 200 within 15 s acknowledges. */
export const mollie: Connector<MollieCredential, MollieSettings> = {
  name: 'mollie',
  title: 'Mollie',
  credentialSchema: mollieCredential,
  settingsSchema: mollieSettings,
  decoyCredential: () => ({ signing_secret: randomBytes(24).toString('hex') }),
  verify: verifyMollie,
  parse: parseMollie,
  enrich: enrichMollie,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: mollieGuide,
  mappings: mollieMapping.published,
};
