import { type CreateSubscriptionBody, type IdSource, ownerKeyOf } from '@owngateway/domain';
import type { UrlVerdict } from '@owngateway/outbound';
import type { FieldFault } from '@owngateway/service-kit';
import type { MerchantRepository, SubscriptionRecord, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import { ownerFor } from '../access/owner-for.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { SecretSource } from './signing-secrets.ts';
import { faultsOfScheme, faultsOfTls } from './tls-rule.ts';
import { faultOfUrl, type UrlRule } from './url-rule.ts';

export type CreateSubscriptionOutcome =
  | { kind: 'created'; subscription: SubscriptionRecord; secret: string }
  | { kind: 'invalid'; faults: FieldFault[] };

/** Registers a URL for events (001.10-11, 003.5-7), with a signing secret of its own (001.14). */
export function createSubscription(sources: {
  subscriptions: Pick<SubscriptionRepository, 'create'>;
  merchants: Pick<MerchantRepository, 'get'>;
  judgeUrl: UrlRule;
  trail: AuditTrail;
  newId: IdSource;
  newSecret: SecretSource;
  now: () => Date;
}) {
  const { subscriptions, merchants, judgeUrl, trail, newId, newSecret, now } = sources;

  return async (caller: Caller, body: CreateSubscriptionBody): Promise<CreateSubscriptionOutcome> => {
    const { owner: requested, signing, ...settings } = body;
    const [choice, url] = await Promise.all([ownerFor(caller, requested, merchants), judgeUrl(body.url)]);
    const moment = now();
    const faults = faultsOf(choice.kind, url, [
      ...faultsOfScheme(body.tls, body.url),
      ...faultsOfTls(body.tls, moment),
    ]);
    if (choice.kind !== 'owner' || !url.ok || faults.length > 0) return { kind: 'invalid', faults };

    const id = newId('sub');
    const ownerKey = ownerKeyOf(choice.owner);
    // Written down first: were it the second step and failed, a repeat would register the URL twice (once-per-key.ts).
    await trail.record(caller, {
      action: 'subscription.create',
      ownerKey,
      resourceId: id,
      fields: Object.keys(body),
    });
    const secret = newSecret();
    const subscription = await subscriptions.create({
      ...settings,
      _id: id,
      owner: choice.owner,
      owner_key: ownerKey,
      url: url.url.href,
      status: 'enabled',
      status_reason: null,
      signing: { ...signing, secrets: [{ value: secret, created_at: moment, expires_at: null }] },
      created_at: moment,
      updated_at: moment,
    });
    return { kind: 'created', subscription, secret };
  };
}

function faultsOf(choice: 'owner' | 'required' | 'unknown', url: UrlVerdict, tls: readonly FieldFault[]): FieldFault[] {
  const faults = [...faultOfUrl(url), ...tls];
  switch (choice) {
    case 'owner':
      return faults;
    case 'required':
      return [{ field: 'owner', code: 'required', message: 'An operator names the owner.' }, ...faults];
    case 'unknown':
      return [{ field: 'owner', code: 'unknown_owner', message: 'Names nobody that you may act for.' }, ...faults];
  }
}
