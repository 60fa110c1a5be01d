import { type Connector, findConnector, type Gathering, type RawNotification } from '@owngateway/connectors';
import { signStripe } from '@owngateway/connectors/testing';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { AccountPath } from '../accounts/account-path.ts';
import { createDecoys } from '../accounts/decoy.ts';
import { knownConnectors } from '../connectors/known-connectors.ts';
import type { Gather } from '../evidence/evidence.ts';
import { createVerifySender } from './verify-sender.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const BODY = '{"id":"evt_1"}';
const path = { merchantId: 'm_1', name: 'stripe' };

const account = (more: Partial<ConnectorAccountRecord> = {}) =>
  ({
    _id: 'acct_1',
    name: 'stripe',
    connector: 'stripe',
    credentials: [{ signing_secret: 'whsec_current_one' }],
    settings: { tolerance_s: 300 },
    status: 'enabled',
    version: 1,
    ...more,
  }) as ConnectorAccountRecord;

function directory(
  known: ConnectorAccountRecord | undefined,
  read: ConnectorAccountRecord | null | 'not_read',
  { isOld = false } = {},
) {
  const steps: string[] = [];
  const accounts: AccountDirectory = {
    known: () => (isOld ? undefined : known),
    revive() {
      if (!isOld) {
        return null;
      }
      steps.push('reading');
      return Promise.resolve(read === 'not_read' ? (known ?? null) : read);
    },
    async readAgain() {
      steps.push('turn');
      if (read === 'not_read') {
        return { kind: 'not_read' };
      }
      steps.push('reading');
      return { kind: 'read', account: read };
    },
    async turn() {
      steps.push('turn');
      return read !== 'not_read';
    },
  };
  return { accounts, steps: () => steps.sort() };
}

const notification = {
  method: 'POST',
  headers: { 'stripe-signature': [signStripe(BODY, 'whsec_current_one', NOW.getTime() / 1000)] },
  query: '',
  body: Buffer.from(BODY),
  url: '',
};

/** As one call, with every connector of the product unless given. */
function verifySender(
  accounts: AccountDirectory,
  at: AccountPath,
  raw: RawNotification,
  now: Date,
  { given, gather = async () => null }: { given?: readonly Connector[]; gather?: Gather } = {},
) {
  const connectors = knownConnectors(given);
  const evidence = { gathererFor: () => gather };
  return createVerifySender({ accounts, connectors, decoys: createDecoys(connectors), evidence })(at, raw, now);
}

const outdated = account({ credentials: [{ signing_secret: 'whsec_old_one' }] });

describe('verifySender', () => {
  it('asks no store for what a known account vouches for', async () => {
    const { accounts, steps } = directory(account(), 'not_read');
    expect(await verifySender(accounts, path, notification, NOW)).toMatchObject({ kind: 'genuine', signedAt: NOW });
    expect(steps()).toEqual([]);
  });

  it.each([
    ['made', undefined, account()],
    ['given another credential', outdated, account({ version: 2 })],
    ['enabled', account({ status: 'disabled' }), account({ version: 2 })],
    ['deleted and made again', outdated, account({ _id: 'acct_2' })],
  ])('accepts from an account that was just %s', async (_what, known, read) => {
    const { accounts, steps } = directory(known, read);
    expect((await verifySender(accounts, path, notification, NOW)).kind).toBe('genuine');
    expect(steps()).toEqual(['reading', 'turn']);
  });

  it.each([
    ['unknown_account', undefined, null],
    ['unknown_account', outdated, null],
    ['account_disabled', undefined, account({ status: 'disabled' })],
    ['account_disabled', account({ status: 'disabled' }), account({ status: 'disabled' })],
    ['signature_mismatch', undefined, outdated],
    ['signature_mismatch', outdated, outdated],
    ['account_unreadable', undefined, account({ credentials: [], unreadable: ['credentials'] })],
    ['connector_retired', undefined, account({ connector: 'gone' })],
  ])('refuses for %s after exactly one reading and one turn', async (reason, known, read) => {
    const { accounts, steps } = directory(known, read);
    expect(await verifySender(accounts, path, notification, NOW)).toEqual({ kind: 'refused', reason });
    expect(steps()).toEqual(['reading', 'turn']);
  });

  it('asks for no turn when an account was merely not used for a while', async () => {
    const { accounts, steps } = directory(outdated, account({ version: 2 }), { isOld: true });
    expect((await verifySender(accounts, path, notification, NOW)).kind).toBe('genuine');
    expect(steps()).toEqual(['reading']);
  });

  it('refuses for such an account after the same steps as for any other', async () => {
    const { accounts, steps } = directory(outdated, outdated, { isOld: true });
    expect(await verifySender(accounts, path, notification, NOW)).toMatchObject({ reason: 'signature_mismatch' });
    expect(steps()).toEqual(['reading', 'turn']);
  });

  it('refuses nobody when there is no turn, whatever is known', async () => {
    for (const { accounts } of [
      directory(undefined, 'not_read'),
      directory(outdated, 'not_read'),
      directory(outdated, 'not_read', { isOld: true }),
    ]) {
      expect(await verifySender(accounts, path, notification, NOW)).toEqual({ kind: 'undecided' });
    }
  });
});

describe('what must be proven by evidence', () => {
  /** Stripe, had it to fetch something first; genuine only with this evidence. */
  const stripe = findConnector('stripe') as Connector;
  const needy: Connector = {
    ...stripe,
    gatherEvidence: async () => ({ kind: 'gathered', evidence: null }),
    verify: (raw, ...others) =>
      raw.evidence === 'certificate' ? stripe.verify(raw, ...others) : { ok: false, reason: 'signature_mismatch' },
  };
  const verifyWith = (gathering: Gathering, known: ConnectorAccountRecord | undefined, read = known ?? null) => {
    const { accounts, steps } = directory(known, read);
    const gathered: string[] = [];
    const gather: Gather = async ({ _id }) => {
      gathered.push(_id);
      return gathering;
    };
    const verdict = verifySender(accounts, path, notification, NOW, { given: [needy], gather });
    return { verdict, gathered, steps };
  };

  it('is genuine with it', async () => {
    const { verdict } = verifyWith({ kind: 'gathered', evidence: 'certificate' }, account());
    expect(await verdict).toMatchObject({ kind: 'genuine', isProven: true });
  });

  it('is neither accepted nor refused while it cannot be fetched, and the account is read again first', async () => {
    const { verdict, gathered, steps } = verifyWith({ kind: 'unavailable', detail: 'away' }, account());
    expect(await verdict).toEqual({ kind: 'unprovable' });
    expect(steps()).toEqual(['reading', 'turn']);
    expect(gathered).toEqual(['acct_1']);
  });

  it('is gathered for no account that is disabled or not there', async () => {
    const off = verifyWith({ kind: 'gathered', evidence: 'certificate' }, account({ status: 'disabled' }));
    expect(await off.verdict).toMatchObject({ kind: 'refused' });
    const { accounts } = directory(undefined, null);
    const gather = () => Promise.reject(new Error('asked'));
    const nobody = await verifySender(accounts, path, notification, NOW, { given: [needy], gather });
    expect(nobody).toEqual({ kind: 'refused', reason: 'unknown_account' });
    expect(off.gathered).toEqual([]);
  });
});

it('tells what anybody may have sent', async () => {
  const anybody: Connector = {
    ...(findConnector('stripe') as Connector),
    verify: () => ({ ok: true, signedAt: null, unproven: true }),
  };
  const { accounts } = directory(account(), account());
  const verdict = await verifySender(accounts, path, notification, NOW, { given: [anybody] });
  expect(verdict).toMatchObject({ kind: 'genuine', isProven: false });
});
