import fc from 'fast-check';
import type { RawNotification } from '../connector.ts';
import { type ContractSubject, rawNotification, withHeader } from './contract-subject.ts';
import { everySingleChange, numbersFrom, randomForgery, signedBody, signedQuery } from './forgeries.ts';

/** How many random forgeries are tried; raise it for a long run: `FORGERIES=100000`. */
const FORGERIES = Number(process.env.FORGERIES ?? 5_000);
const SEED = Number(process.env.FORGERY_SEED ?? 20_261_121);

/** A signature in hexadecimal or base64. */
const ENCODED = /[0-9a-fA-F]{40,}|[A-Za-z0-9+/]{42,}={1,2}/g;

/** Declares the tests of `verify`: only what a credential's holder signed, as it was signed, in time. */
export function describeAuthenticity<Credential, Settings>(subject: ContractSubject<Credential, Settings>): void {
  const { connector, settings, signedAt, signatureHeader } = subject;
  const { current, previous, other } = subject.credentials;
  const genuine = subject.sign(subject.genuine, current, signedAt);
  const part = subject.signsQuery ? signedQuery : signedBody;
  const verify = (notification: RawNotification, credentials = [current], now = signedAt) =>
    connector.verify(notification, credentials, settings, now);
  const signedFacts = new Set(subject.signedFacts(genuine));
  const isForgeryAccepted = (forged: RawNotification) =>
    verify(forged).ok && !subject.signedFacts(forged).every((fact) => signedFacts.has(fact));

  describe('verify', () => {
    it('accepts a genuine notification, and says when it was signed', () => {
      const signsTime = subject.signsTime ?? subject.toleranceS !== null;
      expect(verify(genuine)).toEqual({ ok: true, signedAt: signsTime ? signedAt : null });
    });

    it('accepts under any of several credentials, so that keys can be rotated', () => {
      expect(verify(genuine, [other, previous, current]).ok).toBe(true);
      expect(verify(subject.sign(subject.genuine, previous, signedAt), [current, previous]).ok).toBe(true);
    });

    it('refuses under a wrong key, a withdrawn one and none', () => {
      expect(verify(genuine, [other])).toEqual({ ok: false, reason: 'signature_mismatch' });
      expect(verify(subject.sign(subject.genuine, previous, signedAt), [current]).ok).toBe(false);
      expect(verify(genuine, []).ok).toBe(false);
    });

    it.each([[undefined], [[]], [['text/plain']], [['application/json; charset=utf-16']]])(
      'takes the raw bytes, whatever the content type says (%j)',
      (values) => {
        expect(verify(withHeader(genuine, 'content-type', values)).ok).toBe(true);
      },
    );

    it('refuses every change of a single byte of what is signed', () => {
      expect(everySingleChange(genuine, part, signatureHeader).filter(isForgeryAccepted)).toEqual([]);
    });

    it(`refuses ${FORGERIES} random forgeries (FORGERY_SEED=${SEED})`, () => {
      const below = numbersFrom(SEED);
      for (let tried = 0; tried < FORGERIES; tried += 1) {
        const forged = randomForgery(genuine, part, signatureHeader, below);
        if (isForgeryAccepted(forged)) {
          throw new Error(`forgery ${tried} was accepted: ${part.of(forged).toString('hex')}`);
        }
      }
    });

    it('refuses what is signed when it was cut, emptied or followed by more', () => {
      const signed = part.of(genuine);
      const changes = [signed.subarray(0, -1), Buffer.alloc(0), Buffer.concat([signed, Buffer.from('x')])];
      expect(changes.map((bytes) => verify(part.replaced(genuine, bytes)).ok)).toEqual([false, false, false]);
    });

    it('never throws and never accepts, whatever the bytes and headers are', () => {
      const header = fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 });
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), header, header, (bytes, signature, authorization) => {
          const headers = { [signatureHeader ?? 'x-signature']: signature, authorization };
          expect(verify(rawNotification(Buffer.from(bytes), headers), [current, previous]).ok).toBe(false);
        }),
      );
    });
  });

  if (signatureHeader !== null) {
    describeSignatureHeader(subject, signatureHeader, genuine);
  }
  if (subject.toleranceS !== null) {
    describeTolerance(subject, subject.toleranceS, genuine);
  }
}

function describeSignatureHeader<Credential, Settings>(
  { connector, settings, signedAt, credentials, repeatsSignature }: ContractSubject<Credential, Settings>,
  name: string,
  genuine: RawNotification,
): void {
  const value = genuine.headers[name]?.[0] ?? '';
  const verify = (values: string[] | undefined) =>
    connector.verify(withHeader(genuine, name, values), [credentials.current], settings, signedAt);

  it.each([
    ['missing', undefined, 'signature_missing'],
    ['missing (an empty list)', [], 'signature_missing'],
    ['empty', [''], 'signature_missing'],
    ['junk', ['Zm9v=,=,,=v1,t'], 'signature_malformed'],
    ['not in its encoding', [value.replaceAll(ENCODED, (it) => '!'.repeat(it.length))], 'signature_malformed'],
    ['too short', [value.slice(0, -2)], 'signature_malformed'],
    ['too long', [`${value}00`], 'signature_malformed'],
    ['very long', ['a'.repeat(20_000)], 'signature_malformed'],
  ])('refuses a signature header that is %s', (_, values, reason) => {
    expect(verify(values)).toEqual({ ok: false, reason });
  });

  it.each([
    ['', [value, value]],
    [' and joined', [`${value}, ${value}`]],
    [' after junk', ['junk', value]],
  ])(`${repeatsSignature ? 'accepts' : 'refuses'} a signature header that is repeated%s`, (_, values) => {
    expect(verify(values)).toMatchObject(
      repeatsSignature ? { ok: true } : { ok: false, reason: 'signature_malformed' },
    );
  });
}

function describeTolerance<Credential, Settings>(
  { connector, settings, signedAt, credentials }: ContractSubject<Credential, Settings>,
  toleranceS: number,
  genuine: RawNotification,
): void {
  const verifyAfter = (seconds: number) => {
    const now = new Date(signedAt.getTime() + seconds * 1000);
    return connector.verify(genuine, [credentials.current], settings, now);
  };

  it.each([toleranceS, -toleranceS])('accepts a time that differs by %d s', (seconds) => {
    expect(verifyAfter(seconds).ok).toBe(true);
  });

  it.each([toleranceS + 1, -toleranceS - 1, 86_400])('refuses a time that differs by %d s', (seconds) => {
    expect(verifyAfter(seconds)).toEqual({ ok: false, reason: 'timestamp_out_of_tolerance' });
  });
}
