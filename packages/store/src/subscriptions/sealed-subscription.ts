import type { OwnerKey } from '@owngateway/domain';
import type { SealContext, SecretBox } from '../secrets/secret-box.ts';
import type { AuthenticationRecord, SubscriptionPatch, SubscriptionRecord } from './subscription-repository.ts';
import type { StoredSubscription } from './subscription-schema.ts';

type Sealed = Pick<StoredSubscription, 'authentication' | 'headers' | 'signing'>;

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
  const { authentication, headers, signing, ...open } = patch;
  return {
    ...open,
    ...(authentication && { authentication: box.sealJson(authentication, contextOf(place, 'authentication')) }),
    ...(headers && { headers: box.sealJson(headers, contextOf(place, 'headers')) }),
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

/** Throws SealBrokenError. A tombstone opens to a subscription without secrets. */
export function openSubscription(box: SecretBox, stored: StoredSubscription): SubscriptionRecord {
  const { authentication, headers, signing } = stored;
  return {
    ...stored,
    authentication:
      authentication === null
        ? { type: 'none' }
        : box.openJson<AuthenticationRecord>(authentication, contextOf(stored, 'authentication')),
    headers: headers === null ? {} : box.openJson<Record<string, string>>(headers, contextOf(stored, 'headers')),
    signing: {
      scheme: signing.scheme,
      secrets: signing.secrets.map((secret) => ({
        ...secret,
        value: box.open(secret.value, contextOf(stored, 'signing')),
      })),
    },
  };
}
