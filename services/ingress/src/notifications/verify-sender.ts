import { type Connector, findConnector, type RawNotification, type RefusalReason } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { AccountPath } from '../accounts/account-path.ts';
import { verifyAgainstDecoy } from '../accounts/decoy.ts';

/** Why nothing was accepted; for logs and metrics, never for the caller (000.24). */
export type SenderRefusal =
  | RefusalReason
  | 'unknown_account'
  | 'account_disabled'
  /** No key of ours opens its credentials. A stranger sees what they see of an account that does not exist. */
  | 'account_unreadable'
  | 'connector_retired';

export type SenderVerdict =
  | { kind: 'genuine'; account: ConnectorAccountRecord; connector: Connector; signedAt: Date | null }
  | { kind: 'refused'; reason: SenderRefusal }
  /** Too many strangers are asking: nobody knows, so nobody is refused. */
  | { kind: 'undecided' };

/**
 * Decides who sent a notification (P3). Nothing is refused on what was known before: the account is read again first
 * (rule 3). Every way to a refusal has the same steps, one check, one turn and one reading, so that they take about as long
 * and are as likely to be put off (000.24).
 */
export async function verifySender(
  accounts: AccountDirectory,
  path: AccountPath,
  notification: RawNotification,
  now: Date,
): Promise<SenderVerdict> {
  const known = accounts.known(path);
  const first = known === undefined ? undefined : check(known, notification, now);
  if (first?.kind === 'genuine') {
    return first;
  }
  const revived = known === undefined ? await accounts.revive(path) : null;
  if (revived !== null) {
    const verdict = check(revived, notification, now);
    return verdict.kind === 'genuine' || (await accounts.turn()) ? verdict : { kind: 'undecided' };
  }
  const reading = await accounts.readAgain(path);
  if (reading.kind === 'not_read') {
    return { kind: 'undecided' };
  }
  const { account } = reading;
  if (account === null) {
    if (first === undefined) {
      verifyAgainstDecoy(path.name, notification, now);
    }
    return { kind: 'refused', reason: 'unknown_account' };
  }
  const isUnchanged = known !== undefined && known._id === account._id && known.version === account.version;
  return first !== undefined && isUnchanged ? first : check(account, notification, now);
}

function check(account: ConnectorAccountRecord, notification: RawNotification, now: Date): SenderVerdict {
  const connector = findConnector(account.connector);
  if (connector === undefined) {
    return { kind: 'refused', reason: 'connector_retired' };
  }
  if (account.unreadable !== undefined) {
    verifyAgainstDecoy(account.name, notification, now);
    return { kind: 'refused', reason: 'account_unreadable' };
  }
  const verification = connector.verify(notification, account.credentials, account.settings, now);
  if (!verification.ok) {
    return { kind: 'refused', reason: verification.reason };
  }
  // Checked last: a disabled account takes as long to refuse as an enabled one.
  return account.status === 'enabled'
    ? { kind: 'genuine', account, connector, signedAt: verification.signedAt }
    : { kind: 'refused', reason: 'account_disabled' };
}
