import type { Connector, EvidenceSources, Gathering, OutsideAnswer, RawNotification } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { KnownConnectors } from '../connectors/known-connectors.ts';
import { Room } from '../memory/room.ts';
import type { MonotonicClock } from '../memory/token-bucket.ts';
import type { LentOutside } from '../outside/open-outside.ts';
import { within } from '../time/within.ts';
import { RememberedValues } from './remembered-values.ts';

/** For everything that one notification needs, in milliseconds. A refusal of such a notification takes this long too. */
export const GATHERING_MS = 2_500;
/** Of one connector: some hundred certificates or tokens. */
const REMEMBERED = 500;
/** Requests under way; strangers can cause them at an account that they know of. */
const AT_ONCE = { total: 64, perKey: 16 };
const FULL: OutsideAnswer = { kind: 'unanswered', detail: 'too many requests are under way' };
const TOO_SLOW: Gathering = { kind: 'unavailable', detail: 'it took too long' };

/** Gathers for one notification, for all its checks together within `GATHERING_MS`; null when its connector needs nothing. */
export type Gather = (account: ConnectorAccountRecord, connector: Connector) => Promise<Gathering | null>;

/** What must be fetched before a notification can be verified. */
export interface Evidence {
  gathererFor(notification: RawNotification): Gather;
  /** Whether it would need evidence at any account of any connector, judged by the request alone (000.24). */
  mayBeNeeded(notification: RawNotification): boolean;
}

export function createEvidence(parts: {
  connectors: KnownConnectors;
  outside: LentOutside;
  /** Read when they are needed first: there are many, and most installations need none. */
  trustedAuthorities: () => readonly string[];
  clock: MonotonicClock;
  now: () => Date;
  onGathered: (connector: string, outcome: Gathering['kind']) => void;
}): Evidence {
  const { connectors, outside, trustedAuthorities, clock, now, onGathered } = parts;
  const room = new Room(AT_ONCE);
  const remembered = new Map(connectors.all.map(({ name }) => [name, new RememberedValues(REMEMBERED, now)]));
  const judges = connectors.all.filter(({ mayNeedEvidence }) => mayNeedEvidence !== undefined);
  let authorities: readonly string[] | undefined;

  function sourcesFor(account: ConnectorAccountRecord, connector: Connector): EvidenceSources {
    const values = remembered.get(connector.name) ?? new RememberedValues(REMEMBERED, now);
    const bounded = async (ask: () => Promise<OutsideAnswer>) => {
      const answer = await room.run(account._id, ask);
      return answer === 'full' ? FULL : answer;
    };
    authorities ??= trustedAuthorities();
    return {
      get: (url, headers) => bounded(() => outside.get(url, headers)),
      post: (url, headers, body) => bounded(() => outside.post(url, headers, body)),
      remember: (key, load) => values.remember(key, load),
      authorities,
      now: now(),
    };
  }

  return {
    gathererFor(notification) {
      const untilMs = clock() + GATHERING_MS;
      return async (account, connector) => {
        const { credentials, settings } = account;
        const gathering = connector.gatherEvidence?.(
          notification,
          credentials,
          settings,
          sourcesFor(account, connector),
        );
        if (gathering === undefined) {
          return null;
        }
        const gathered = await within(gathering, Math.max(0, untilMs - clock()), TOO_SLOW);
        onGathered(connector.name, gathered.kind);
        return gathered;
      };
    },
    mayBeNeeded: (notification) => judges.some((connector) => connector.mayNeedEvidence?.(notification) === true),
  };
}
