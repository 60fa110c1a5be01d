import { createHash } from 'node:crypto';
import { EVENT_TYPES } from '@owngateway/domain';
import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { type Condition, type MappingRow, type MappingTable, mappingTable } from '../mapping/mapping-table.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { readJson, readJsonNumbersAsWritten } from '../payload/json.ts';
import type { GenericDefinition } from './definition/definition.ts';
import type { MappingDefinition } from './definition/mapping.ts';
import { momentOf } from './moment.ts';
import { parsePath, valueAt } from './path.ts';
import { readObjectBy } from './read-object.ts';
import { type Fact, parseSource, type Source, textFrom } from './source.ts';
import { signedTimeBy } from './verify.ts';

/** More than any batch has. */
const MAX_ITEMS = 1_000;

/** The mapping table of a definition. */
export function mappingBy(mapping: MappingDefinition): MappingTable<Fact> {
  return mappingTable(mapping.map(rowOf));
}

/** Makes the reader of a definition: paths and table are made once, and nothing of them is parsed for a notification. */
export function parseBy(
  definition: GenericDefinition,
  table: MappingTable<Fact>,
): (notification: RawNotification) => ParsedNotification {
  const itemsPath = definition.items === undefined ? null : parsePath(definition.items);
  const readItem = itemReader(definition, table);

  return (notification) => {
    const json = readJson(notification.body);
    // No amount and no long id passes through floating point; the vendor's own object stays as it is.
    const exact = readJsonNumbersAsWritten(notification.body);
    if (!json.ok || !exact.ok) {
      return json.ok ? { ok: false, detail: 'the body is nested too deeply' } : json;
    }
    const body = exact.value;
    if (itemsPath === null) {
      return {
        ok: true,
        items: [readItem({ item: body, body, headers: notification.headers }, json.value, 0, notification)],
      };
    }
    const items = valueAt(body, itemsPath);
    const sources = valueAt(json.value, itemsPath);
    if (!Array.isArray(items) || !Array.isArray(sources) || items.length > MAX_ITEMS) {
      return { ok: false, detail: `the body has no list of at most ${MAX_ITEMS} items where it should be` };
    }
    const facts = items.map((item) => ({ item, body, headers: notification.headers }));
    return { ok: true, items: facts.map((fact, at) => readItem(fact, sources[at], at, notification)) };
  };
}

function itemReader(definition: GenericDefinition, table: MappingTable<Fact>) {
  const idParts = [definition.event_id ?? []].flat().map(parseSource);
  const type = parseSource(definition.event_type);
  const occurredAt = timeReader(definition);
  const readObject = readObjectBy(definition.object);

  return (fact: Fact, source: unknown, index: number, notification: RawNotification): NotificationItem => {
    const connectorType = textFrom(type, fact);
    const key = keyOf(idParts, fact) ?? `${digestOf(notification.body)}:${index}`;
    if (connectorType === null) {
      return { key, connectorType: 'unknown', event: null, reason: 'unsupported' };
    }
    const outcome = outcomeOf(table.find(connectorType, fact), occurredAt(fact, notification), (event) => ({
      object: readObject(fact, event),
      source,
    }));
    return { key, connectorType, ...outcome };
  };
}

function timeReader(definition: GenericDefinition) {
  const { occurred_at: place } = definition;
  const source = place === undefined ? null : parseSource(place.path);
  const signedTime = signedTimeBy(definition);
  return (fact: Fact, notification: RawNotification): Date | null => {
    const told = place === undefined ? null : momentOf(textFrom(source, fact), place.unit);
    return told ?? signedTime(notification) ?? notification.receivedAt ?? null;
  };
}

/** The parts that make an event the same when it comes again; null unless all are there. Parts cannot run into each other. */
function keyOf(parts: readonly (Source | null)[], fact: Fact): string | null {
  const texts = parts.map((part) => textFrom(part, fact));
  if (texts.length === 0 || !texts.every((text) => text !== null)) {
    return null;
  }
  const [only = '', ...more] = texts;
  return more.length === 0 ? only : texts.map((text) => text.replace(/[%:]/g, encodeURIComponent)).join(':');
}

function rowOf({ type, when, event, detail, origin }: MappingDefinition[number]): MappingRow<Fact> {
  const head = { type, ...(when === undefined ? {} : { when: conditionOf(when) }) };
  return event === null
    ? { ...head, event }
    : { ...head, event, origin: origin ?? EVENT_TYPES[event].origin, ...(detail === undefined ? {} : { detail }) };
}

function conditionOf({ field, is }: NonNullable<MappingDefinition[number]['when']>): Condition<Fact> {
  const source = parseSource(field);
  return is === undefined
    ? { text: `${field} is present`, holds: (fact) => textFrom(source, fact) !== null }
    : { text: `${field} is ${is.join(' or ')}`, holds: (fact) => is.includes(textFrom(source, fact) ?? '') };
}

function digestOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
