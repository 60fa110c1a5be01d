import { type Connector, connectors } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import type { AccountReading } from '../accounts/account-directory.ts';
import { createDecoys } from '../accounts/decoy.ts';
import { knownConnectors } from '../connectors/known-connectors.ts';
import { createAnswerHandshake, decoySecretOf } from './answer-handshake.ts';

const CHALLENGE = 'bt_challenge=20f9f8ed05f77439fe955c977e4c8a53';
const KEYS = { public_key: 'vec_public', private_key: 'vec_private' };
/** Made by Braintree's library. */
const ANSWER = 'vec_public|1fd18c3de9052fcb87077cb85cc3181938a0b33d';

const account = (more: Partial<ConnectorAccountRecord> = {}) =>
  ({ connector: 'braintree', credentials: [KEYS], status: 'enabled', ...more }) as ConnectorAccountRecord;

function answerTo(
  name: string,
  found: ConnectorAccountRecord | null | 'not_read',
  {
    query = CHALLENGE,
    secret = Buffer.alloc(32, 1),
    merchantId = 'm_1',
    given = connectors as readonly Connector[],
  } = {},
) {
  const reading: AccountReading = found === 'not_read' ? { kind: 'not_read' } : { kind: 'read', account: found };
  const known = knownConnectors(given);
  const readAgain = jest.fn(async () => reading);
  const answer = createAnswerHandshake({
    accounts: { readAgain },
    connectors: known,
    decoys: createDecoys(known),
    secret,
  });
  return { outcome: answer({ merchantId, name }, query), readAgain };
}

const bodyOf = async ({ outcome }: ReturnType<typeof answerTo>) => {
  const answered = await outcome;
  return answered.kind === 'answered' ? answered.acknowledgement.body : answered.kind;
};

describe('a handshake', () => {
  it.each(['braintree', 'braintree-eu', 'shop'])("is answered with the account's own keys (%s)", async (name) => {
    expect(await answerTo(name, account()).outcome).toEqual({
      kind: 'answered',
      acknowledgement: { status: 200, contentType: 'text/plain', body: ANSWER },
      connector: 'braintree',
      isDecoy: false,
    });
  });

  it.each([
    ['that is not there', 'braintree', null],
    ['that is not there, under a name that tells nothing', 'shop', null],
    ['that is disabled', 'braintree', account({ status: 'disabled' })],
    ['whose credentials cannot be read', 'braintree', account({ credentials: [], unreadable: ['credentials'] })],
    ['of another connector', 'shop', account({ connector: 'stripe' })],
    ['of another connector, under the name of this one', 'braintree', account({ connector: 'stripe' })],
  ])('is answered for an account %s with keys of nobody, always the same', async (_what, name, found) => {
    const [once, again] = [await bodyOf(answerTo(name, found)), await bodyOf(answerTo(name, found))];
    expect(once).toMatch(/^[a-z0-9]{16}\|[0-9a-f]{40}$/);
    expect(again).toBe(once);
    expect(await answerTo(name, found).outcome).toMatchObject({ isDecoy: true });
  });

  it('has other keys of nobody at every address, and in every installation', async () => {
    const bodies = await Promise.all([
      bodyOf(answerTo('braintree', null)),
      bodyOf(answerTo('braintree-eu', null)),
      bodyOf(answerTo('braintree', null, { merchantId: 'm_2' })),
      bodyOf(answerTo('braintree', null, { secret: Buffer.alloc(32, 2) })),
    ]);
    expect(new Set(bodies).size).toBe(4);
  });

  it.each([
    ['stripe', null],
    ['stripe-eu', null],
    ['stripe', account({ connector: 'stripe' })],
  ])('is none at the address of a connector that asks nothing (%s)', async (name, found) => {
    const { outcome, readAgain } = answerTo(name, found);
    expect(await outcome).toEqual({ kind: 'no_handshake' });
    expect(readAgain).toHaveBeenCalledTimes(1);
  });

  it.each(['', 'bt_challenge=', 'bt_challenge=xyz', `${CHALLENGE}&a=1`, `a=1&${CHALLENGE}`])(
    'is none without a question (%s), and nobody is looked up for it',
    async (query) => {
      const { outcome, readAgain } = answerTo('braintree', account(), { query });
      expect(await outcome).toEqual({ kind: 'no_handshake' });
      expect(readAgain).not.toHaveBeenCalled();
    },
  );

  it('is none at the address of a connector that asks otherwise', async () => {
    const braintree = connectors.find(({ name }) => name === 'braintree') as Connector;
    const handshake = braintree.handshake as NonNullable<Connector['handshake']>;
    const other = { ...braintree, name: 'acmepay', handshake: { ...handshake, isChallenge: () => false } };
    const given = [braintree, other];
    expect(await answerTo('acmepay', null, { given }).outcome).toEqual({ kind: 'no_handshake' });
    expect(await answerTo('braintree', null, { given }).outcome).toMatchObject({ kind: 'answered', isDecoy: true });
  });

  it('waits for nobody when too many are asking', async () => {
    expect(await answerTo('braintree', 'not_read').outcome).toEqual({ kind: 'undecided' });
  });
});

describe('decoySecretOf', () => {
  it('stays while keys are added, and is none of them', () => {
    const [old, added] = [
      { version: 1, key: Buffer.alloc(32, 1) },
      { version: 2, key: Buffer.alloc(32, 2) },
    ];
    expect(decoySecretOf([old, added])).toEqual(decoySecretOf([old]));
    expect(decoySecretOf([added])).not.toEqual(decoySecretOf([old]));
    expect(decoySecretOf([old])).not.toEqual(old.key);
  });
});
