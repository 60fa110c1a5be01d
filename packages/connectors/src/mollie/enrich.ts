import type { Enrichment, RawNotification } from '../connector.ts';
import { fetchObject } from '../enrichment/fetch-object.ts';
import type { Outside } from '../outside.ts';
import { classicItem, classicThingOf } from './classic.ts';
import { apiKeysOf, type MollieCredential, type MollieSettings } from './credentials.ts';
import { itemOf } from './facts.ts';
import { lookupOf } from './lookup.ts';
import { type MollieEvent, readMollieNotification } from './notification.ts';
import { itemOfEvent } from './parse.ts';

interface Account {
  credentials: readonly MollieCredential[];
  settings: MollieSettings;
}

/** Looks up what a notification only names. */
export async function enrichMollie(
  { body, receivedAt }: RawNotification,
  account: Account,
  outside: Outside,
): Promise<Enrichment> {
  const reading = readMollieNotification(body);
  if (!reading.ok) {
    return { kind: 'resolved', items: [] };
  }
  const { notification } = reading;
  return notification.kind === 'classic'
    ? enrichClassic(notification.id, account, outside, receivedAt)
    : enrichEvent(notification, account, outside);
}

async function enrichClassic(
  id: string,
  { credentials, settings }: Account,
  outside: Outside,
  receivedAt?: Date,
): Promise<Enrichment> {
  const thing = classicThingOf(id);
  const question = lookupOf(id, settings.api_base_url);
  if (thing === undefined || question === null) {
    return { kind: 'resolved', items: [classicItem(id)] };
  }
  const fetched = await fetchObject(question, apiKeysOf(credentials), outside);
  return fetched.kind === 'fetched'
    ? { kind: 'resolved', items: thing.factsOf(fetched.object, receivedAt).map(itemOf) }
    : fetched;
}

/**
 * An event is signed, so it is raised whatever becomes of the look-up: with ids alone where the account has no API key, or
 * where its key does not know the entity (a test key asked about a live one).
 */
async function enrichEvent(
  event: MollieEvent,
  { credentials, settings }: Account,
  outside: Outside,
): Promise<Enrichment> {
  const keys = apiKeysOf(credentials);
  const isKnown = event.entity !== null || keys.length === 0;
  const question = isKnown ? null : lookupOf(event.entityId ?? '', settings.api_base_url);
  const fetched = question === null ? null : await fetchObject(question, keys, outside);
  if (fetched?.kind === 'not_yet') {
    return fetched;
  }
  if (fetched?.kind === 'fetched') {
    return { kind: 'resolved', items: [itemOfEvent(event, fetched.object, fetched.object)] };
  }
  const entity = event.entity ?? { id: event.entityId };
  return { kind: 'resolved', items: [itemOfEvent(event, entity, event.source)] };
}
