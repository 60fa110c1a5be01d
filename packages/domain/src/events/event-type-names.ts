import type { EventStyle, EventType, EventTypeDefinition } from './event-types.ts';
import { EVENT_TYPES } from './event-types.ts';

/** Every canonical name, in the order of the catalogue. */
export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as EventType[];

const DEFINITIONS: ReadonlyMap<string, EventTypeDefinition> = new Map(Object.entries(EVENT_TYPES));

const DOTTED_NAMES: ReadonlyMap<EventType, string> = new Map(
  EVENT_TYPE_NAMES.map((type) => [type, documentedAlias(type) ?? dotted(type)]),
);

/** Every spelling that is understood: canonical, document 001's (001.4), and the canonical one with a dot. */
const SPELLINGS: ReadonlyMap<string, EventType> = new Map(
  EVENT_TYPE_NAMES.flatMap((type) => [type, ...eventTypeAliases(type)].map((name) => [name, type] as const)),
);

/**
 * How a type is spelled for a subscription (001.5). `dotted`: document 001's name where it has one
 * (`payment.completed`), else the first `_` becomes `.`.
 */
export function eventTypeName(type: EventType, style: EventStyle): string {
  return style === 'dotted' ? (DOTTED_NAMES.get(type) ?? type) : type;
}

/** The other spellings of a type that every filter and subscription accepts, the `dotted` style's first. */
export function eventTypeAliases(type: EventType): string[] {
  const spellings = new Set([documentedAlias(type) ?? dotted(type), dotted(type)]);
  spellings.delete(type);
  return [...spellings];
}

/** The canonical type for any accepted spelling of it; undefined for a name that means nothing. */
export function resolveEventType(nameOrAlias: string): EventType | undefined {
  return SPELLINGS.get(nameOrAlias);
}

function documentedAlias(type: EventType): string | undefined {
  return DEFINITIONS.get(type)?.alias;
}

function dotted(type: EventType): string {
  return type.replace('_', '.');
}
