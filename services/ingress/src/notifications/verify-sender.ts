import type { Connector, RawNotification, RefusalReason } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { AccountPath } from '../accounts/account-path.ts';
import type { Decoys } from '../accounts/decoy.ts';
import type { KnownConnectors } from '../connectors/known-connectors.ts';
import type { Evidence, Gather } from '../evidence/evidence.ts';

/** Why nothing was accepted; for logs and metrics, never for the caller (000.24). */
export type SenderRefusal =
  | RefusalReason
  | 'unknown_account'
  | 'account_disabled'
  /** No key of ours opens its credentials. A stranger sees what they see of an account that does not exist. */
  | 'account_unreadable'
  | 'connector_retired';

export type SenderVerdict =
  | {
      kind: 'genuine';
      account: ConnectorAccountRecord;
      connector: Connector;
      signedAt: Date | null;
      /** False when anybody may have sent it. */
      isProven: boolean;
    }
  | { kind: 'refused'; reason: SenderRefusal }
  /** What proves it cannot be fetched now: nobody knows, so nobody is refused. */
  | { kind: 'unprovable' }
  /** Too many strangers are asking: nobody knows, so nobody is refused. */
  | { kind: 'undecided' };

export interface VerifySenderParts {
  accounts: AccountDirectory;
  connectors: KnownConnectors;
  decoys: Decoys;
  evidence: Pick<Evidence, 'gathererFor'>;
}

/**
 * Decides who sent a notification (P3). Nothing is refused on what was known before: the account is read again first
 * (rule 3). Every way to a refusal has the same steps, one check, one turn and one reading, so that they take about as long
 * and are as likely to be put off (000.24).
 */
export type VerifySender = (path: AccountPath, notification: RawNotification, now: Date) => Promise<SenderVerdict>;

export function createVerifySender(parts: VerifySenderParts): VerifySender {
  return (path, notification, now) => {
    const check = createCheck(notification, now, parts);
    return verify(path, parts.accounts, check, () => parts.decoys.verify(path.name, notification, now));
  };
}

async function verify(
  path: AccountPath,
  accounts: AccountDirectory,
  check: Check,
  checkNobody: () => void,
): Promise<SenderVerdict> {
  const known = accounts.known(path);
  const first = known === undefined ? undefined : await check(known);
  if (first?.kind === 'genuine') {
    return first;
  }
  const revived = known === undefined ? await accounts.revive(path) : null;
  if (revived !== null) {
    const verdict = await check(revived);
    return verdict.kind === 'genuine' || (await accounts.turn()) ? verdict : { kind: 'undecided' };
  }
  const reading = await accounts.readAgain(path);
  if (reading.kind === 'not_read') {
    return { kind: 'undecided' };
  }
  const { account } = reading;
  if (account === null) {
    if (first === undefined) {
      checkNobody();
    }
    return { kind: 'refused', reason: 'unknown_account' };
  }
  const isUnchanged = known !== undefined && known._id === account._id && known.version === account.version;
  return first !== undefined && isUnchanged ? first : check(account);
}

type Check = (account: ConnectorAccountRecord) => Promise<SenderVerdict> | SenderVerdict;

/** The check of one notification, at once where nothing has to be fetched. */
function createCheck(
  notification: RawNotification,
  now: Date,
  { connectors, decoys, evidence }: VerifySenderParts,
): Check {
  const gather = evidence.gathererFor(notification);
  return (account) => {
    const connector = connectors.of(account);
    if (connector === undefined) {
      return { kind: 'refused', reason: 'connector_retired' };
    }
    if (account.unreadable !== undefined) {
      decoys.verify(account.name, notification, now);
      return { kind: 'refused', reason: 'account_unreadable' };
    }
    // Nobody is asked for the sake of an account that is refused anyway.
    return connector.gatherEvidence === undefined || account.status !== 'enabled'
      ? judge(account, connector, notification, now)
      : judgeWithEvidence({ account, connector, notification, now, gather });
  };
}

async function judgeWithEvidence(question: {
  account: ConnectorAccountRecord;
  connector: Connector;
  notification: RawNotification;
  now: Date;
  gather: Gather;
}): Promise<SenderVerdict> {
  const { account, connector, notification, now, gather } = question;
  const gathering = await gather(account, connector);
  switch (gathering?.kind) {
    case 'unavailable':
      return { kind: 'unprovable' };
    case 'gathered':
      return judge(account, connector, { ...notification, evidence: gathering.evidence }, now);
    case undefined:
      return judge(account, connector, notification, now);
  }
}

function judge(
  account: ConnectorAccountRecord,
  connector: Connector,
  notification: RawNotification,
  now: Date,
): SenderVerdict {
  const verification = connector.verify(notification, account.credentials, account.settings, now);
  if (!verification.ok) {
    return { kind: 'refused', reason: verification.reason };
  }
  // Checked last: a disabled account takes as long to refuse as an enabled one.
  return account.status === 'enabled'
    ? {
        kind: 'genuine',
        account,
        connector,
        signedAt: verification.signedAt,
        isProven: verification.unproven !== true,
      }
    : { kind: 'refused', reason: 'account_disabled' };
}
