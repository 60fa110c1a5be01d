import type { EventObject } from '@owngateway/domain';
import type { GenericCredential } from '../generic/credentials.ts';
import { connectorOfPreset, type Preset } from '../generic/preset.ts';
import { type ContractSubject, type MappingCase, rawNotification, withHeader } from './contract-subject.ts';

/** What the contract suite needs to know of a preset. */
export interface PresetSubject {
  /** A secret that the schema takes. */
  secret: string;
  signedAt: Date;
  /** Null for a provider that signs no time; otherwise it is recorded, and no reason to refuse. */
  signsTime: boolean;
  signatureHeader: string;
  /** The headers of a genuine notification, made without the code that is tested. */
  headers(body: Buffer, secret: string, at: Date): Record<string, string>;
  /** Base64 tells upper from lower case, hexadecimal does not. */
  isHex: boolean;
  genuine: object;
  unknown: object;
  cases: readonly MappingCase<object>[];
}

/** A preset as the contract suite asks about every connector. */
export function presetSubject(preset: Preset, subject: PresetSubject): ContractSubject<GenericCredential, object> {
  const { secret, signedAt, signsTime, signatureHeader, isHex, genuine, unknown, cases } = subject;
  return {
    connector: connectorOfPreset(preset),
    settings: {},
    credentials: {
      current: { secret },
      previous: { secret: `${secret}_previous` },
      other: { secret: `${secret}_other` },
    },
    signedAt,
    toleranceS: null,
    signsTime,
    signatureHeader,
    sign(payload, credential, at) {
      const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
      return { ...rawNotification(body, subject.headers(body, credential.secret, at)), receivedAt: at };
    },
    signedFacts({ headers, body }) {
      const signature = headers[signatureHeader]?.join() ?? '';
      return [`${isHex ? signature.toLowerCase() : signature} ${body.toString('hex')}`];
    },
    genuine,
    unknown,
    batch: null,
    cases,
  };
}

/** A recorded payload of one mapping row. */
export function recorded(
  row: string,
  payload: object,
  object?: Partial<EventObject>,
  condition?: string,
): MappingCase<object> {
  return {
    row,
    payload,
    ...(object === undefined ? {} : { object }),
    ...(condition === undefined ? {} : { condition }),
  };
}

/** Declares that no character of a signed header can be changed, left out or added; the signature's own is the suite's part. */
export function describeSignedHeader(subject: ContractSubject<GenericCredential, object>, name: string): void {
  const { connector, settings, credentials, signedAt } = subject;
  const genuine = subject.sign(subject.genuine, credentials.current, signedAt);
  const value = genuine.headers[name]?.[0] ?? '';
  const accepts = (values: string[] | undefined) =>
    connector.verify(withHeader(genuine, name, values), [credentials.current], settings, signedAt).ok;

  it(`has ${name} as it was signed, and only once`, () => {
    expect(accepts([value])).toBe(true);
    const changed = [...value].flatMap((character, at) => {
      const [before, after] = [value.slice(0, at), value.slice(at + 1)];
      return [
        `${before}${character === '0' ? '1' : '0'}${after}`,
        `${before}${after}`,
        `${before}${character}0${after}`,
      ];
    });
    expect(changed.filter((text) => text !== value && accepts([text]))).toEqual([]);
    expect([undefined, [], [''], [value, value], [`${value}, ${value}`]].map(accepts)).toEqual(Array(5).fill(false));
  });
}
