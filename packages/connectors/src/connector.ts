import type { NormalisedEvent, Origin } from '@owngateway/domain';
import type { z } from 'zod';
import type { Acknowledgement } from './acknowledgement.ts';
import type { EvidenceSources, Gathering } from './evidence.ts';
import type { Handshake } from './handshake.ts';
import type { Outside } from './outside.ts';

/** A connector's request exactly as it arrived. */
export interface RawNotification {
  method: string;
  /** Lower-case names; every repetition kept apart (Mollie repeats its signature header). */
  headers: Readonly<Record<string, readonly string[]>>;
  /** The query string without `?`, as received. */
  query: string;
  /** The raw bytes that were signed. */
  body: Buffer;
  /** The public URL that the merchant pasted into the connector's dashboard, as configured (Square signs it). */
  url: string;
  /** When it came: when something happened, for a vendor that does not say. */
  receivedAt?: Date;
  /** What `gatherEvidence` gathered about this very notification; absent for connectors without it. */
  evidence?: unknown;
}

/** Why a notification is refused; told to logs and metrics only, never to the caller (000.24). */
export type RefusalReason =
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_mismatch'
  | 'timestamp_out_of_tolerance'
  | 'credentials_mismatch'
  | 'body_unreadable';

export type Verification =
  /**
   * Genuine. `signedAt` is the time the connector signed, where the scheme signs one. `unproven`: anybody may have sent it,
   * because the vendor proves nothing (Mollie's classic webhooks). Ingress then bounds how many it takes, and nothing
   * follows from it but a look at the vendor's API.
   */
  { ok: true; signedAt: Date | null; unproven?: true } | { ok: false; reason: RefusalReason };

/** One fact in a notification; a batch has several (Adyen, GoCardless). */
export interface NotificationItem {
  /** What makes this fact the same when it comes again: the vendor's event id, or a digest of the signed fields. */
  key: string;
  /** The connector's own name of it, such as `payment_intent.succeeded` or `AUTHORISATION`. */
  connectorType: string;
  /** Null when this connector's table maps it to nothing: acknowledged, recorded, not raised (000.16). */
  event: NormalisedEvent | null;
  /** Why there is no event. `unresolved`: the notification only names a thing, which `enrich` must fetch first. */
  reason: 'unmapped' | 'unsupported' | 'unresolved' | null;
  /** Of the vendor's test mode, by what is signed: raises nothing in production, though it is genuine. */
  isTest?: true;
}

export type ParsedNotification =
  | { ok: true; items: NotificationItem[] }
  /** Genuine but not understood: acknowledged and recorded as `unreadable`. */
  | { ok: false; detail: string };

/** What came of fetching what a notification only names. */
export type Enrichment =
  /** None of them is `unresolved`. */
  | { kind: 'resolved'; items: NotificationItem[] }
  /** To be asked again. `detail` says why in a few words for the API; it quotes nothing that the vendor answered. */
  | { kind: 'not_yet'; detail: string; retryAfter: string | null }
  /** The vendor knows no such thing. Asked again a few times only: an API may lag behind its own notifications. */
  | { kind: 'gone'; detail: string };

/**
 * A payment connector. It knows its vendor and the domain; no database, no queue, no web framework. Adding one is one
 * folder and one line in the registry. Credentials and settings were validated by its schemas when they were stored.
 */
export interface Connector<Credential = unknown, Settings = unknown> {
  /** Lower-case name as in the API: `stripe`. */
  readonly name: string;
  readonly title: string;
  readonly credentialSchema: z.ZodType<Credential>;
  readonly settingsSchema: z.ZodType<Settings>;
  /** Which field of a valid credential does not fit these valid settings, in words for whoever enters it; null when it fits. */
  misfitOf?(credential: Credential, settings: Settings): { field: string; message: string } | null;
  /**
   * A credential that belongs to nobody, different each time. A notification for an account that does not exist is checked
   * against one, so that refusing it takes as long as refusing a bad signature (000.24).
   */
  decoyCredential(): Credential;
  /**
   * Whether it would need evidence at some account of this connector, judged by the request alone: ingress lets every refusal
   * of such a request wait for as long as gathering may take, whether an account is there or not (000.24).
   */
  mayNeedEvidence?(notification: RawNotification): boolean;
  /**
   * Fetches what `verify` cannot do without (PayPal's certificate). Called only for an account that exists. Asks nobody when
   * what came is refused anyway, and never throws for anything that anybody sent or answered.
   */
  gatherEvidence?(
    notification: RawNotification,
    credentials: readonly Credential[],
    settings: Settings,
    sources: EvidenceSources,
  ): Promise<Gathering>;
  /** Is it genuine under any of these credentials? Constant-time comparison; pure; never throws. */
  verify(
    notification: RawNotification,
    credentials: readonly Credential[],
    settings: Settings,
    now: Date,
  ): Verification;
  /**
   * Reads a verified notification into its items. Never throws for anything a vendor may send. Each event has the vendor's own
   * object as its `source`: what was sent of this one fact, parsed and otherwise unchanged (of a batch the entry, of XML what
   * `readXml` makes of it). What must not be told of it is taken out elsewhere.
   */
  parse(notification: RawNotification, settings: Settings): ParsedNotification;
  /**
   * Fetches what `parse` left `unresolved`, after the notification was acknowledged. Keys come from what was fetched (its id
   * and state), so that asking again raises nothing twice; `source` is the object that was fetched. Never throws for anything
   * that the vendor answers.
   */
  enrich?(
    notification: RawNotification,
    account: { credentials: readonly Credential[]; settings: Settings },
    outside: Outside,
  ): Promise<Enrichment>;
  /** For a vendor that asks by GET; all others are answered with 405. */
  readonly handshake?: Handshake<Credential>;
  /** What the connector wants to hear once everything is stored. */
  readonly acknowledgement: Acknowledgement;
  /** The same where an account's settings decide it (the generic connector); goes before `acknowledgement`. */
  acknowledgementFor?(settings: Settings): Acknowledgement;
  /** How to set it up, shown in the catalogue: what to click, which URL to paste, which events to tick. */
  readonly guide: readonly string[];
  /** The mapping table as data, for the catalogue and the docs. */
  readonly mappings: readonly ConnectorMapping[];
  /** The generic connector's definition of a preset, as the catalogue shows it: something to start one's own from. */
  readonly definition?: object;
}

/** One row of a mapping table, reading like the vendor's list. */
export interface ConnectorMapping {
  connectorType: string;
  /** In words, when the type alone does not decide. */
  condition: string | null;
  /** Null: acknowledged and recorded, nothing raised. */
  eventType: NormalisedEvent['type'] | null;
  /** Such as `authorized` or `cancelled`. */
  detail: string | null;
  /** Where such an event begins (003.1); null when nothing is raised. */
  origin: Origin | null;
}
