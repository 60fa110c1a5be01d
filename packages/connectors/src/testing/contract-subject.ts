import type { EventObject } from '@owngateway/domain';
import type { Connector, RawNotification } from '../connector.ts';
import type { Outside } from '../outside.ts';

/** One recorded payload per mapping row. */
export interface MappingCase<Settings> {
  /** The row's `connectorType`, with its `*` if it has one. */
  row: string;
  /** The row's condition. */
  condition?: string;
  /** The unsigned payload. */
  payload: object;
  /** What the object must say at least. */
  object?: Partial<EventObject>;
  settings?: Settings;
}

/** What the contract suite needs to know of a connector. */
export interface ContractSubject<Credential, Settings> {
  connector: Connector<Credential, Settings>;
  settings: Settings;
  credentials: { current: Credential; previous: Credential; other: Credential };
  signedAt: Date;
  /** Null when no signed time has to be near. */
  toleranceS: number | null;
  /** A time is signed; true where there is a tolerance, unless said otherwise. */
  signsTime?: boolean;
  /** Lower-case name of the header with the signature; null when it is in the body. */
  signatureHeader: string | null;
  /** The vendor sends that header several times, or several signatures in it, as while keys rotate. */
  repeatsSignature?: true;
  /** The query string is signed, and not the body. */
  signsQuery?: true;
  /** A genuine notification with this payload. */
  sign(payload: object | Buffer, credential: Credential, at: Date): RawNotification;
  /** A body with this payload, well-formed but for its signature; JSON unless given. */
  write?(payload: unknown): Buffer;
  /** The vendor's objects in a payload, one for each of its facts; the payload itself unless given. */
  sources?(payload: object): readonly unknown[];
  /** What the signatures vouch for, one text per signature: an accepted forgery may only repeat what was signed. */
  signedFacts(notification: RawNotification): string[];
  /** A payload that is mapped to one event. */
  genuine: object;
  /** A payload of a type that no row names. */
  unknown: object;
  /** A payload with several facts and their keys; null when the vendor sends one at a time. */
  batch: { payload: object; keys: readonly string[] } | null;
  cases: readonly MappingCase<Settings>[];
  /** The way to a double of the vendor's API, where notifications only name things and it is asked about each. */
  outside?: Outside;
}

/** A request as ingress hands it over. */
export function rawNotification(
  body: string | Buffer,
  headers: Record<string, string | readonly string[]> = {},
): RawNotification {
  const lists = Object.entries(headers).map(([name, value]) => [name, [value].flat()] as const);
  return {
    method: 'POST',
    headers: { 'content-type': ['application/json'], ...Object.fromEntries(lists) },
    query: '',
    body: Buffer.from(body),
    url: 'https://gateway.example/webhooks/m_1/connector',
  };
}

/** The same request with one header set, repeated or left out. */
export function withHeader(
  notification: RawNotification,
  name: string,
  values: readonly string[] | undefined,
): RawNotification {
  const others = Object.entries(notification.headers).filter(([other]) => other !== name);
  const headers = Object.fromEntries(values === undefined ? others : [...others, [name, values] as const]);
  return { ...notification, headers };
}
