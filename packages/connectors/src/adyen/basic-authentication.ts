import type { RawNotification } from '../connector.ts';
import { sameText } from '../signature/hmac.ts';
import type { AdyenCredential } from './credentials.ts';

const BASIC = /^Basic ([A-Za-z0-9+/]{1,1400}={0,2})$/i;

/** Does the request carry this credential's user name and password (RFC 7617)? True when it has none. */
export function hasBasicAuthentication(notification: RawNotification, credential: AdyenCredential): boolean {
  const { basic_username: username, basic_password: password } = credential;
  if (username === undefined || password === undefined) {
    return true;
  }
  const [header, ...more] = notification.headers.authorization ?? [];
  const encoded = BASIC.exec(header ?? '')?.[1];
  if (encoded === undefined || more.length > 0) {
    return false;
  }
  return sameText(`${username}:${password}`, Buffer.from(encoded, 'base64'));
}
