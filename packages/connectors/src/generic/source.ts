import type { RawNotification } from '../connector.ts';
import { headerValues } from './header-values.ts';
import { type Path, parsePath, valueAt } from './path.ts';

/** One place where a definition finds something. */
type Place =
  | { from: 'item'; path: Path }
  /** `$.path`: in the whole body, where the notification is a batch. */
  | { from: 'body'; path: Path }
  | { from: 'header'; name: string };

/** The places where a value may stand; the first that has one counts. */
export type Source = readonly Place[];

/** What a definition is asked about: one item of a notification. Numbers are texts here, as they were written. */
export interface Fact {
  item: unknown;
  body: unknown;
  headers: RawNotification['headers'];
}

const MAX_PLACES = 8;
const MAX_TEXT_LENGTH = 255;
/** The name of a header as a definition writes it. */
export const HEADER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Reads `data.id`, `header:x-id`, `$.meta.id`, and several of them as in `data.refund.id | data.id`; null for anything else. */
export function parseSource(text: string): Source | null {
  const places = text.split('|', MAX_PLACES + 1).map((place) => parsePlace(place.trim()));
  return places.length <= MAX_PLACES && places.every((place) => place !== null) ? places : null;
}

/** The names of the headers that a source reads. */
export function headersOf(source: Source): string[] {
  return source.flatMap((place) => (place.from === 'header' ? [place.name] : []));
}

/** The first value that is there and not null. */
export function valueFrom(source: Source, fact: Fact): unknown {
  for (const place of source) {
    const value = valueIn(place, fact);
    if (value !== undefined && value !== null) {
      return value;
    }
  }
  return undefined;
}

/** The first text, number or boolean that is there, as a text of 1 to 255 characters, or null. */
export function textFrom(source: Source | null, fact: Fact): string | null {
  for (const place of source ?? []) {
    const value = valueIn(place, fact);
    const text = typeof value === 'boolean' ? String(value) : value;
    if (typeof text === 'string' && text !== '' && text.length <= MAX_TEXT_LENGTH) {
      return text;
    }
  }
  return null;
}

function parsePlace(text: string): Place | null {
  if (text.startsWith('header:')) {
    const name = text.slice('header:'.length);
    return HEADER_NAME.test(name) ? { from: 'header', name: name.toLowerCase() } : null;
  }
  const isOfBody = text.startsWith('$.');
  const path = parsePath(isOfBody ? text.slice(2) : text);
  return path === null ? null : { from: isOfBody ? 'body' : 'item', path };
}

function valueIn(place: Place, { item, body, headers }: Fact): unknown {
  if (place.from === 'header') {
    return headerValues(headers, place.name)[0];
  }
  return valueAt(place.from === 'body' ? body : item, place.path);
}
