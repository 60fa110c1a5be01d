import type { ConnectorAccountRecord, ConnectorAccountRepository } from '@owngateway/store';
import { BoundedMap } from '../memory/bounded-map.ts';
import { type MonotonicClock, TokenBucket } from '../memory/token-bucket.ts';
import { type AccountPath, isPossiblePath } from './account-path.ts';
import { SharedReadings } from './shared-reading.ts';

/** What the store said of a path, or that asking it would have been one question too many. */
export type AccountReading = { kind: 'read'; account: ConnectorAccountRecord | null } | { kind: 'not_read' };

/** The connector accounts as ingress knows them. */
export interface AccountDirectory {
  /** The account as it was at most 30 s ago; undefined when nothing that recent is known. Costs no query. */
  known(path: AccountPath): ConnectorAccountRecord | undefined;
  /**
   * Reads the account again: to be asked before anything is refused, so that an account that was just made, or a
   * credential that was just rotated, is never refused (rule 3). The rate is bounded: beyond it the answer is what was
   * read within the last second, or `not_read`. Rejects when the store is away.
   */
  readAgain(path: AccountPath): Promise<AccountReading>;
}

interface Entry {
  account: ConnectorAccountRecord | null;
  readAtMs: number;
}

/** How old an account may be when it is used: the longest that a revoked credential or a disabled account lives on. */
const FRESH_MS = 30_000;
/** From this age on it is refreshed while it is still used, so that a busy account never waits for a reading. */
const REFRESH_MS = 15_000;
/** When readings are scarce, a refusal may rest on one this old. */
const RECENT_MS = 1_000;
const KNOWN_ACCOUNTS = 10_000;
const KNOWN_ABSENCES = 5_000;
/** Bounds what strangers can make of the store: 500 indexed reads a second are some per cent of one core. */
const STRANGERS = { capacity: 1_000, refillPerS: 500 };

/** @param clock milliseconds; ages are measured on it */
export function createAccountDirectory(
  accounts: Pick<ConnectorAccountRepository, 'findByPath'>,
  clock: MonotonicClock,
): AccountDirectory {
  const present = new BoundedMap<string, Entry>(KNOWN_ACCOUNTS);
  const absent = new BoundedMap<string, Entry>(KNOWN_ABSENCES);
  const budget = new TokenBucket(STRANGERS, clock);
  const readings = new SharedReadings<AccountReading>(async (key) => {
    const readAtMs = clock();
    const [merchantId = '', name = ''] = key.split('/');
    const account = await accounts.findByPath(merchantId, name);
    const [into, outOf] = account === null ? [absent, present] : [present, absent];
    into.set(key, { account, readAtMs });
    outOf.delete(key);
    return { kind: 'read', account };
  });

  const refresh = (key: string): void => {
    // A refresh that fails is repeated by the next notification; from FRESH_MS on nobody uses the old one.
    if (readings.running(key) === null) {
      readings.begin(key).catch(() => undefined);
    }
  };

  const ageMsOf = (entry: Entry | undefined): number =>
    entry === undefined ? Number.POSITIVE_INFINITY : clock() - entry.readAtMs;

  const mayRead = (key: string): boolean => {
    const account = present.get(key);
    // An account that exists and was merely not used for a while is no stranger: their number bounds these readings.
    if (account !== undefined && ageMsOf(account) > FRESH_MS) {
      return true;
    }
    // One path that is asked for again and again leaves half of the budget to the others.
    const isRecent = ageMsOf(account ?? absent.get(key)) <= RECENT_MS;
    return budget.take(isRecent ? STRANGERS.capacity / 2 : 0);
  };

  const lastReading = (key: string): AccountReading => {
    const entry = present.get(key) ?? absent.get(key);
    return entry !== undefined && ageMsOf(entry) <= RECENT_MS
      ? { kind: 'read', account: entry.account }
      : { kind: 'not_read' };
  };

  return {
    known(path) {
      const key = keyOf(path);
      const entry = present.get(key);
      const ageMs = ageMsOf(entry);
      if (ageMs > FRESH_MS) {
        return undefined;
      }
      if (ageMs > REFRESH_MS) {
        refresh(key);
      }
      return entry?.account ?? undefined;
    },

    async readAgain(path) {
      if (!isPossiblePath(path)) {
        return { kind: 'read', account: null };
      }
      const key = keyOf(path);
      // One that has not begun costs the store nothing more.
      return readings.waiting(key) ?? (mayRead(key) ? readings.begin(key) : lastReading(key));
    },
  };
}

function keyOf({ merchantId, name }: AccountPath): string {
  return `${merchantId}/${name}`;
}
