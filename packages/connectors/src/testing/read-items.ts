import type { NotificationItem, RawNotification } from '../connector.ts';
import type { ContractSubject } from './contract-subject.ts';

/**
 * What a notification says in the end: parsed, and where it only names a thing, looked up at the double of its vendor's API.
 */
export async function readItems<Credential, Settings>(
  { connector, settings, credentials, outside }: ContractSubject<Credential, Settings>,
  notification: RawNotification,
  own: Settings = settings,
): Promise<readonly NotificationItem[]> {
  const parsed = connector.parse(notification, own);
  const items = parsed.ok ? parsed.items : [];
  if (outside === undefined || items.every(({ reason }) => reason !== 'unresolved')) {
    return items;
  }
  const account = { credentials: [credentials.current], settings: own };
  const enrichment = await connector.enrich?.(notification, account, outside);
  return enrichment?.kind === 'resolved' ? enrichment.items : [];
}
