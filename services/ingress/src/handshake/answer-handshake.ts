import { createHmac, hkdfSync } from 'node:crypto';
import type { Acknowledgement, Connector } from '@owngateway/connectors';
import type { EncryptionKey } from '@owngateway/service-kit';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { AccountPath } from '../accounts/account-path.ts';
import type { Decoys } from '../accounts/decoy.ts';
import type { KnownConnectors } from '../connectors/known-connectors.ts';

/** What a GET is answered with. */
export type HandshakeReception =
  | { kind: 'answered'; acknowledgement: Acknowledgement; connector: string; isDecoy: boolean }
  /** It is no question, or none for this address. */
  | { kind: 'no_handshake' }
  /** Too many strangers are asking. */
  | { kind: 'undecided' };

export type AnswerHandshake = (path: AccountPath, query: string) => Promise<HandshakeReception>;

/**
 * Answers a vendor that asks by GET whether the holder of its keys is there. Who asks about an account that does not exist,
 * or is disabled, hears an answer under keys of nobody, the same ones every time, as long as the account's name does not
 * tell of a connector that asks nothing; so does who asks about an account of another connector. Every question is answered
 * after one reading. (A Braintree account that bears another connector's name gives itself away.)
 *
 * @param secret 32 bytes, the same in every replica
 */
export function createAnswerHandshake(parts: {
  accounts: Pick<AccountDirectory, 'readAgain'>;
  connectors: KnownConnectors;
  decoys: Pick<Decoys, 'connectorOf'>;
  secret: Buffer;
}): AnswerHandshake {
  const { accounts, connectors, decoys, secret } = parts;
  return async (path, query) => {
    const asking = connectors.all.filter(({ handshake }) => handshake?.isChallenge(query));
    if (asking.length === 0) {
      return { kind: 'no_handshake' };
    }
    const reading = await accounts.readAgain(path);
    if (reading.kind === 'not_read') {
      return { kind: 'undecided' };
    }
    const own = asking.find(({ name }) => name === reading.account?.connector);
    const credential = credentialOf(reading.account);
    if (own?.handshake !== undefined && credential !== undefined) {
      const acknowledgement = own.handshake.answer(query, credential);
      return { kind: 'answered', acknowledgement, connector: own.name, isDecoy: false };
    }
    return answerOfNobody(path, query, decoys.connectorOf(path.name) ?? asking[0], secret);
  };
}

/** The first one: while keys are rotated, any of them will do. */
function credentialOf(account: ConnectorAccountRecord | null): Record<string, unknown> | undefined {
  return account?.status === 'enabled' ? account.credentials[0] : undefined;
}

function answerOfNobody(
  { merchantId, name }: AccountPath,
  query: string,
  connector: Connector | undefined,
  secret: Buffer,
): HandshakeReception {
  const handshake = connector?.handshake;
  if (connector === undefined || !handshake?.isChallenge(query)) {
    return { kind: 'no_handshake' };
  }
  const seed = createHmac('sha256', secret).update(`${merchantId}/${name}`).digest();
  const acknowledgement = handshake.answer(query, handshake.decoyCredential(seed));
  return { kind: 'answered', acknowledgement, connector: connector.name, isDecoy: true };
}

/**
 * The secret behind the keys of nobody, which every replica has: derived from the oldest key for secrets at rest, since that
 * is the one that stays when another is added.
 */
export function decoySecretOf(keys: readonly EncryptionKey[]): Buffer {
  const [oldest] = keys;
  return Buffer.from(hkdfSync('sha256', oldest?.key ?? '', '', 'keys of nobody in handshakes', 32));
}
