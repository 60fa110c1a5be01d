import type { ConnectorAccountRecord, ConnectorAccountRepository } from '@owngateway/store';
import { BoundedMap } from '../memory/bounded-map.ts';
import type { MonotonicClock } from '../memory/token-bucket.ts';
import { Turns } from '../memory/turns.ts';
import { type AccountPath, isPossiblePath } from './account-path.ts';
import { SharedReadings } from './shared-reading.ts';

/** What the store said of a path, or that too many are asking. */
export type AccountReading = { kind: 'read'; account: ConnectorAccountRecord | null } | { kind: 'not_read' };

/** The connector accounts as ingress knows them. */
export interface AccountDirectory {
  /** The account as it was at most 30 s ago; undefined when nothing that recent is known. Costs no query. */
  known(path: AccountPath): ConnectorAccountRecord | undefined;
  /**
   * A new reading of an account that is known, but not recently enough; null when there is none. Unlike strangers' it
   * needs no turn: the number of accounts bounds it, and somebody's genuine notification must not wait in their line.
   */
  revive(path: AccountPath): Promise<ConnectorAccountRecord | null> | null;
  /**
   * Reads the account again, after waiting for a turn: to be asked before anything is refused, so that an account that was
   * just made, or a credential that was just rotated, is never refused (rule 3). Rejects when the store is away.
   */
  readAgain(path: AccountPath): Promise<AccountReading>;
  /** Waits for a turn without reading: a refusal takes as long, and fails as often, whatever was known before. */
  turn(): Promise<boolean>;
}

interface Entry {
  account: ConnectorAccountRecord;
  readAtMs: number;
}

/** How old an account may be when it is used: the longest that a revoked credential or a disabled account lives on. */
const FRESH_MS = 30_000;
/** From this age on it is refreshed while it is still used, so that a busy account never waits for a reading. */
const REFRESH_MS = 15_000;
const KNOWN_ACCOUNTS = 10_000;
/** Bounds what strangers can make of the store: 500 indexed reads a second are some per cent of one core. */
const STRANGERS = { burst: 1_000, perS: 500, maxWaiting: 500 };

/** @param clock milliseconds; ages and turns are measured on it */
export function createAccountDirectory(
  accounts: Pick<ConnectorAccountRepository, 'findByPath'>,
  clock: MonotonicClock,
): AccountDirectory {
  const present = new BoundedMap<string, Entry>(KNOWN_ACCOUNTS);
  const turns = new Turns(STRANGERS, clock);
  /** Readings whose turn has not come: whoever asks for the same path meanwhile shares them. */
  const inLine = new Map<string, Promise<AccountReading>>();
  const readings = new SharedReadings<ConnectorAccountRecord | null>(async (key) => {
    const readAtMs = clock();
    const [merchantId = '', name = ''] = key.split('/');
    const account = await accounts.findByPath(merchantId, name);
    if (account === null) {
      present.delete(key);
    } else {
      present.set(key, { account, readAtMs });
    }
    return account;
  });

  const refresh = (key: string): void => {
    // A refresh that fails is repeated by the next notification; from FRESH_MS on nobody uses the old one.
    if (readings.running(key) === null) {
      readings.begin(key).catch(() => undefined);
    }
  };

  const readInTurn = async (key: string, turn: Promise<void>): Promise<AccountReading> => {
    await turn;
    inLine.delete(key);
    return { kind: 'read', account: await readings.begin(key) };
  };

  return {
    known(path) {
      const key = keyOf(path);
      const entry = present.get(key);
      const ageMs = entry === undefined ? Number.POSITIVE_INFINITY : clock() - entry.readAtMs;
      if (ageMs > FRESH_MS) {
        return undefined;
      }
      if (ageMs > REFRESH_MS) {
        refresh(key);
      }
      return entry?.account;
    },

    revive(path) {
      const key = keyOf(path);
      return present.get(key) === undefined ? null : readings.begin(key);
    },

    async readAgain(path) {
      if (!isPossiblePath(path)) {
        return { kind: 'read', account: null };
      }
      const key = keyOf(path);
      const shared = inLine.get(key);
      if (shared !== undefined) {
        return shared;
      }
      const turn = turns.take();
      if (turn === null) {
        return { kind: 'not_read' };
      }
      const reading = readInTurn(key, turn);
      inLine.set(key, reading);
      return reading;
    },

    async turn() {
      const turn = turns.take();
      await turn;
      return turn !== null;
    },
  };
}

function keyOf({ merchantId, name }: AccountPath): string {
  return `${merchantId}/${name}`;
}
