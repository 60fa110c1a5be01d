import { randomBytes } from 'node:crypto';
import type { Connector } from '../connector.ts';
import { compiledSettings } from './compile.ts';
import { type GenericCredential, genericCredential } from './credentials.ts';
import { type GenericDefinition, genericDefinition } from './definition/definition.ts';
import { keyOf } from './encodings.ts';
import { genericGuide } from './guide.ts';

/** A credential of nobody, for the generic connector and its presets. */
export const genericDecoy = (): GenericCredential => ({ secret: randomBytes(24).toString('hex') });

/** Any provider that signs its notifications: each account brings the provider's definition in its settings. */
export const generic: Connector<GenericCredential, GenericDefinition> = {
  name: 'generic',
  title: 'A connector of your own',
  credentialSchema: genericCredential,
  settingsSchema: genericDefinition,
  misfitOf: ({ secret }, { signature }) =>
    signature.algorithm === 'static' || keyOf(secret, signature.key_encoding) !== null
      ? null
      : {
          field: 'secret',
          message: `is not in ${signature.key_encoding}, as signature.key_encoding says, or too short`,
        },
  decoyCredential: genericDecoy,
  verify: (notification, credentials, settings, now) =>
    compiledSettings(settings)?.verify(notification, credentials, now) ?? { ok: false, reason: 'credentials_mismatch' },
  parse: (notification, settings) =>
    compiledSettings(settings)?.parse(notification) ?? { ok: false, detail: 'the account has no definition' },
  acknowledgement: { status: 200, contentType: null, body: '' },
  acknowledgementFor: (settings) => compiledSettings(settings)?.acknowledgement ?? generic.acknowledgement,
  guide: genericGuide,
  mappings: [],
};
