import type { OwnerKey } from '@owngateway/domain';
import { SealBrokenError, type SealContext, type SecretBox } from '../secrets/secret-box.ts';
import type {
  AuthenticationRecord,
  SubscriptionPatch,
  SubscriptionRecord,
  TlsRecord,
} from './subscription-repository.ts';
import type { StoredSubscription } from './subscription-schema.ts';

type Sealed = Pick<StoredSubscription, 'authentication' | 'headers' | 'tls' | 'signing'>;

/** Which subscription the sealed parts belong to. */
interface Place {
  _id: string;
  owner_key: OwnerKey;
}

function contextOf({ _id, owner_key }: Place, field: string): SealContext {
  return { tenant: owner_key, recordId: _id, field };
}

/** The sealed forms of those secret fields that the patch has, and its other fields as they are. */
export function sealPatch(
  box: SecretBox,
  place: Place,
  patch: SubscriptionPatch,
): Omit<SubscriptionPatch, keyof Sealed> & Partial<Sealed> {
  const { authentication, headers, tls, signing, ...open } = patch;
  return {
    ...open,
    ...(authentication && { authentication: box.sealJson(authentication, contextOf(place, 'authentication')) }),
    ...(headers && { headers: box.sealJson(headers, contextOf(place, 'headers')) }),
    ...(tls !== undefined && { tls: tls === null ? null : box.sealJson(tls, contextOf(place, 'tls')) }),
    ...(signing && {
      signing: {
        scheme: signing.scheme,
        secrets: signing.secrets.map(({ value, created_at, expires_at }) => ({
          value: box.seal(value, contextOf(place, 'signing')),
          created_at,
          expires_at,
        })),
      },
    }),
  };
}

/**
 * A tombstone opens to a subscription without secrets. What no key opens is named in `unreadable`, so that one broken record
 * neither hides the others nor itself.
 */
export function openSubscription(box: SecretBox, stored: StoredSubscription): SubscriptionRecord {
  // Records from before there were these have none.
  const { authentication, headers, tls = null, signing, failing_since = null, enabled_at = null } = stored;
  const unreadable = new Set<string>();
  // Written by something else than this, it may have any form.
  const storedSecrets = Array.isArray(signing?.secrets) ? signing.secrets : [];
  /** @param sealed null in a tombstone */
  function openOr<T>(field: string, sealed: string | null, read: (text: string) => T, otherwise: T): T {
    if (sealed === null) return otherwise;
    try {
      return read(box.open(sealed, contextOf(stored, field)));
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      unreadable.add(field);
      return otherwise;
    }
  }
  const opened = {
    authentication: openOr<AuthenticationRecord>('authentication', authentication, JSON.parse, { type: 'none' }),
    headers: openOr<Record<string, string>>('headers', headers, JSON.parse, {}),
    tls: openOr<TlsRecord | null>('tls', tls, JSON.parse, null),
    signing: {
      scheme: 'hmac-sha256' as const,
      secrets: storedSecrets.flatMap((secret) => {
        const value = openOr<string | null>('signing', secret.value, (text) => text, null);
        return value === null ? [] : [{ ...secret, value }];
      }),
    },
  };
  return {
    ...stored,
    failing_since,
    enabled_at,
    ...opened,
    ...(unreadable.size > 0 && { unreadable: [...unreadable] }),
  };
}
