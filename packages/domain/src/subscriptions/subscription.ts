import type { RetryPolicy } from '../deliveries/retry-policy.ts';
import type { EventStyle } from '../events/event-types.ts';

/** Who may own a subscription (003.5). */
export type OwnerLevel = 'merchant' | 'portfolio' | 'reseller';

export interface Owner {
  level: OwnerLevel;
  id: string;
}

/** `merchant:m_42`: one text for an owner, used as an index key. */
export type OwnerKey = `${OwnerLevel}:${string}`;

export function ownerKeyOf(owner: Owner): OwnerKey {
  return `${owner.level}:${owner.id}`;
}

export type SubscriptionStatus = 'enabled' | 'disabled';

/** What counts as received: any 2xx, exactly 200 (002.16), or a 2xx whose body echoes the event id (003.17). */
export type SuccessRule = '2xx' | '200' | 'echo';

/** Extra proof that a subscription asks for beside the signature (002.13, 003.13-15). Secret parts are clear text here. */
export type Authentication =
  | { type: 'none' }
  | { type: 'basic'; username: string; password: string }
  | { type: 'bearer'; token: string }
  | { type: 'header'; name: string; value: string };

/** How one subscription wants to be delivered to; secrets in clear text, so it never leaves the process. */
export interface DeliverySettings {
  url: string;
  authentication: Authentication;
  headers: Record<string, string>;
  /** Signing secrets that are valid now, newest first (several while one rotates). */
  signingSecrets: string[];
  eventStyle: EventStyle;
  success: SuccessRule;
  retryPolicy: RetryPolicy;
  maxInFlight: number;
  rateLimitPerS: number | null;
  timeoutMs: number;
}
