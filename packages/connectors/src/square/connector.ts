import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { type SquareCredential, type SquareSettings, squareCredential, squareSettings } from './credentials.ts';
import { squareGuide } from './guide.ts';
import { squareMapping } from './mapping.ts';
import { parseSquare } from './parse.ts';
import { verifySquare } from './verify.ts';

/** Square: any 2xx acknowledges, as soon as possible; its body is ignored (developer.squareup.com/docs/webhooks). */
export const square: Connector<SquareCredential, SquareSettings> = {
  name: 'square',
  title: 'Square',
  credentialSchema: squareCredential,
  settingsSchema: squareSettings,
  decoyCredential: () => ({ signature_key: randomBytes(16).toString('base64url') }),
  verify: verifySquare,
  parse: parseSquare,
  acknowledgement: { status: 200, contentType: null, body: '' },
  guide: squareGuide,
  mappings: squareMapping.published,
};
