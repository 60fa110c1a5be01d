import { signStripe } from '@owngateway/connectors/testing';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import { verifySender } from './verify-sender.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const BODY = '{"id":"evt_1"}';
const path = { merchantId: 'm_1', name: 'stripe' };

const account = (more: Partial<ConnectorAccountRecord> = {}) =>
  ({
    _id: 'acct_1',
    connector: 'stripe',
    credentials: [{ signing_secret: 'whsec_current_one' }],
    settings: { tolerance_s: 300 },
    status: 'enabled',
    version: 1,
    ...more,
  }) as ConnectorAccountRecord;

function directory(known: ConnectorAccountRecord | undefined, read: ConnectorAccountRecord | null | 'not_read') {
  let readings = 0;
  const accounts: AccountDirectory = {
    known: () => known,
    async readAgain() {
      readings += 1;
      return read === 'not_read' ? { kind: 'not_read' } : { kind: 'read', account: read };
    },
  };
  return { accounts, readings: () => readings };
}

const notification = {
  method: 'POST',
  headers: { 'stripe-signature': [signStripe(BODY, 'whsec_current_one', NOW.getTime() / 1000)] },
  query: '',
  body: Buffer.from(BODY),
  url: '',
};

const outdated = account({ credentials: [{ signing_secret: 'whsec_old_one' }] });

describe('verifySender', () => {
  it('asks no store for what a known account vouches for', async () => {
    const { accounts, readings } = directory(account(), 'not_read');
    expect(await verifySender(accounts, path, notification, NOW)).toMatchObject({ kind: 'genuine', signedAt: NOW });
    expect(readings()).toBe(0);
  });

  it.each([
    ['made', undefined, account()],
    ['given another credential', outdated, account({ version: 2 })],
    ['enabled', account({ status: 'disabled' }), account({ version: 2 })],
    ['deleted and made again', outdated, account({ _id: 'acct_2' })],
  ])('accepts from an account that was just %s', async (_what, known, read) => {
    const { accounts, readings } = directory(known, read);
    expect((await verifySender(accounts, path, notification, NOW)).kind).toBe('genuine');
    expect(readings()).toBe(1);
  });

  it.each([
    ['unknown_account', undefined, null],
    ['unknown_account', outdated, null],
    ['account_disabled', undefined, account({ status: 'disabled' })],
    ['account_disabled', account({ status: 'disabled' }), account({ status: 'disabled' })],
    ['signature_mismatch', undefined, outdated],
    ['signature_mismatch', outdated, outdated],
    ['connector_retired', undefined, account({ connector: 'gone' })],
  ])('refuses for %s after exactly one reading', async (reason, known, read) => {
    const { accounts, readings } = directory(known, read);
    expect(await verifySender(accounts, path, notification, NOW)).toEqual({ kind: 'refused', reason });
    expect(readings()).toBe(1);
  });

  it('refuses nobody when it may not read', async () => {
    for (const known of [undefined, outdated]) {
      const { accounts } = directory(known, 'not_read');
      expect(await verifySender(accounts, path, notification, NOW)).toEqual({ kind: 'undecided' });
    }
  });
});
