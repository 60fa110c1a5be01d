import adyenModule from '@adyen/api-library/lib/src/utils/hmacValidator.js';
import type { RawNotification } from '../connector.ts';
import { rawNotification, withHeader } from '../testing/contract-subject.ts';
import { describeConnector } from '../testing/contract-suite.ts';
import { signAdyenItems } from '../testing/signers.ts';
import { adyen } from './connector.ts';
import { adyenCases } from './fixtures/cases.ts';
import {
  adyenItem,
  adyenNotification,
  modification,
  VECTOR_KEY,
  VECTOR_SIGNATURE,
  VECTOR_SIGNATURE_OF_COLON,
  VECTOR_TEXT,
} from './fixtures/payloads.ts';
import { readAdyenItems, signedTextOf } from './read-items.ts';

const settings = { authorised_means_succeeded: false, trust_unsigned_fields: false };
const credential = { hmac_key: VECTOR_KEY };
const signedAt = new Date('2024-01-01T09:00:01Z');

/** Signs every item of a payload, as Adyen does. */
const sign = (payload: object | Buffer, { hmac_key } = credential) =>
  Buffer.isBuffer(payload) ? rawNotification(payload) : rawNotification(signAdyenItems(itemsIn(payload), hmac_key));

/** Signatures given by hand, with nothing computed. */
const withSignature = (hmacSignature: unknown, item: object = adyenItem()) =>
  rawNotification(JSON.stringify(adyenNotification({ ...item, additionalData: { hmacSignature } })));
const verify = (notification: RawNotification, credentials: Parameters<typeof adyen.verify>[1] = [credential]) =>
  adyen.verify(notification, credentials, settings, signedAt);
const parseOne = (item: object, using = settings) => {
  const parsed = adyen.parse(sign(adyenNotification(item)), using);
  return parsed.ok ? parsed.items[0] : undefined;
};
const two = adyenNotification(adyenItem(), modification('REFUND'));

describeConnector({
  connector: adyen,
  settings,
  credentials: {
    current: credential,
    previous: { hmac_key: '11'.repeat(32) },
    other: { hmac_key: '22'.repeat(32) },
  },
  signedAt,
  toleranceS: null,
  signatureHeader: null,
  sign,
  signedFacts: ({ body }) => {
    const reading = readAdyenItems(body);
    return (reading.ok ? reading.items : []).map(
      ({ signed, unsigned }) => `${unsigned.additionalData.hmacSignature} ${signed && signedTextOf(signed)}`,
    );
  },
  sources: itemsIn,
  genuine: adyenNotification(adyenItem()),
  unknown: adyenNotification(adyenItem({ eventCode: 'SOMETHING_NEW' })),
  batch: {
    payload: two,
    keys: ['VecMerchant:AUTHORISATION:VEC0000000000001:true', 'VecMerchant:REFUND:MOD0000000000001:true'],
  },
  cases: adyenCases,
});

describe('the Adyen signature', () => {
  const library = new ('default' in adyenModule ? adyenModule.default : adyenModule)();
  type Item = Parameters<typeof library.validateHMAC>[0];

  it('has the known answers, also with a colon and a backslash, which nobody escapes', () => {
    expect(library.calculateHmac(VECTOR_TEXT, VECTOR_KEY)).toBe(VECTOR_SIGNATURE);
    expect(verify(withSignature(VECTOR_SIGNATURE))).toEqual({ ok: true, signedAt: null });
    const colon = withSignature(VECTOR_SIGNATURE_OF_COLON, adyenItem({ merchantReference: 'a:b\\c' }));
    expect(verify(colon).ok).toBe(true);
  });

  it('signs the very text that the library signs', () => {
    for (const { payload } of adyenCases) {
      const reading = readAdyenItems(Buffer.from(JSON.stringify(payload)));
      const ours = reading.ok ? reading.items.map(({ signed }) => signed && signedTextOf(signed)) : [];
      expect(ours).toEqual(itemsIn(payload).map((item) => library.getDataToSign(item as unknown as Item)));
    }
  });

  it.each([
    ['pspReference', 'X'],
    ['originalReference', 'X'],
    ['merchantAccountCode', 'X'],
    ['merchantReference', 'X'],
    ['amount', { currency: 'EUR', value: 1001 }],
    ['amount', { currency: 'USD', value: 1000 }],
    ['amount', null],
    ['eventCode', 'CAPTURE'],
    ['success', 'false'],
  ])('refuses a changed %s (%j), as the library does', (field, value) => {
    const item = adyenItem({ [field]: value, additionalData: { hmacSignature: VECTOR_SIGNATURE } });
    expect(verify(withSignature(VECTOR_SIGNATURE, item))).toEqual({ ok: false, reason: 'signature_mismatch' });
    const theirs = () =>
      library.validateHMAC({ ...item, amount: value === null ? {} : item.amount } as Item, VECTOR_KEY);
    expect(theirs()).toBe(false);
  });

  it.each([
    ['missing', undefined, 'signature_missing'],
    ['empty', '', 'signature_missing'],
    ['null', null, 'signature_malformed'],
    ['a list', [VECTOR_SIGNATURE], 'signature_malformed'],
    ['junk', '!!!!', 'signature_malformed'],
    ['truncated', VECTOR_SIGNATURE.slice(0, -4), 'signature_malformed'],
    ['without its padding', VECTOR_SIGNATURE.slice(0, -1), 'signature_malformed'],
    ['followed by more', `${VECTOR_SIGNATURE}AAAA`, 'signature_malformed'],
    ['another spelling of the same bytes', VECTOR_SIGNATURE.replace('4=', '5='), 'signature_malformed'],
    ['hexadecimal', Buffer.from(VECTOR_SIGNATURE, 'base64').toString('hex'), 'signature_malformed'],
  ])('is refused when it is %s', (_, signature, reason) => {
    expect(verify(withSignature(signature))).toEqual({ ok: false, reason });
  });

  it('refuses texts that have no UTF-8, which would all be signed alike', () => {
    const replaced = additionalDataOf(sign(adyenNotification(adyenItem({ merchantReference: '\ufffd' }))));
    const forged = withSignature(replaced.hmacSignature, adyenItem({ merchantReference: '\ud800' }));
    expect(verify(forged)).toEqual({ ok: false, reason: 'signature_malformed' });
  });

  it('refuses all items when one is bad, unsigned or there is none', () => {
    const signed = JSON.parse(sign(two).body.toString());
    const broken = structuredClone(signed);
    broken.notificationItems[1].NotificationRequestItem.success = 'false';
    expect(verify(rawNotification(JSON.stringify(broken))).ok).toBe(false);
    const unsigned = { ...signed, notificationItems: [...signed.notificationItems, ...itemsOf(adyenItem())] };
    expect(verify(rawNotification(JSON.stringify(unsigned)))).toEqual({ ok: false, reason: 'signature_missing' });
    expect(verify(rawNotification('{"notificationItems":[]}'))).toEqual({ ok: false, reason: 'signature_missing' });
  });

  it('takes items signed with the old and the new key in one notification', () => {
    const old = { hmac_key: '11'.repeat(32) };
    const items = [sign(two), sign(two, old)].flatMap(({ body }) => JSON.parse(body.toString()).notificationItems);
    const mixed = rawNotification(JSON.stringify({ notificationItems: items }));
    expect(verify(mixed, [credential, old]).ok).toBe(true);
    expect(verify(mixed, [credential]).ok).toBe(false);
  });

  it('does not tell fields apart that were shifted over a colon: such an item raises nothing', () => {
    const genuine = adyenItem({ merchantReference: 'a:b', originalReference: '' });
    const { hmacSignature } = additionalDataOf(sign(adyenNotification(genuine)));
    const shifted = adyenItem({
      pspReference: 'VEC0000000000001:',
      originalReference: 'VecMerchant',
      merchantAccountCode: 'a',
      merchantReference: 'b',
    });
    const forged = withSignature(hmacSignature, shifted);
    expect(verify(forged).ok).toBe(true);
    expect(adyen.parse(forged, settings)).toMatchObject({ ok: true, items: [{ event: null, reason: 'unsupported' }] });
    expect(parseOne(genuine)).toMatchObject({ event: { object: { merchant_reference: 'a:b' } } });
  });
});

describe('Adyen basic authentication', () => {
  const withPassword = { ...credential, basic_username: 'adyen', basic_password: 'pässword:1' };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const genuine = sign(adyenNotification(adyenItem()));
  const verifyWith = (values: string[] | undefined, credentials = [withPassword]) =>
    verify(withHeader(genuine, 'authorization', values), credentials);

  it('is accepted with the right user name and password, under any credential that has them', () => {
    expect(verifyWith([basic('adyen:pässword:1')]).ok).toBe(true);
    const rotated = [{ ...withPassword, basic_password: 'new' }, withPassword];
    expect(verifyWith([basic('adyen:pässword:1')], rotated).ok).toBe(true);
  });

  it.each([
    ['missing', undefined],
    ['wrong', [basic('adyen:password')]],
    ['a prefix', [basic('adyen:pässword:')]],
    ['longer', [basic('adyen:pässword:12')]],
    ['of another user', [basic('Adyen:pässword:1')]],
    ['of another scheme', ['Bearer abc']],
    ['junk', ['Basic !!!']],
    ['repeated', [basic('adyen:pässword:1'), basic('adyen:pässword:1')]],
  ])('is refused when it is %s, however good the signature', (_, values) => {
    expect(verifyWith(values)).toEqual({ ok: false, reason: 'credentials_mismatch' });
  });

  it('does not stand in for the signature', () => {
    const unsigned = rawNotification(JSON.stringify(adyenNotification(adyenItem())), {
      authorization: basic('adyen:pässword:1'),
    });
    expect(verify(unsigned, [withPassword])).toEqual({ ok: false, reason: 'signature_missing' });
  });

  it('is required where unsigned fields are trusted', () => {
    const trusting = { ...settings, trust_unsigned_fields: true };
    expect(adyen.verify(genuine, [credential], trusting, signedAt)).toEqual({
      ok: false,
      reason: 'credentials_mismatch',
    });
    const authenticated = withHeader(genuine, 'authorization', [basic('adyen:pässword:1')]);
    expect(adyen.verify(authenticated, [withPassword], trusting, signedAt).ok).toBe(true);
  });

  it('is configured with both halves or none', () => {
    expect(adyen.credentialSchema.safeParse({ ...credential, basic_username: 'adyen' }).success).toBe(false);
    expect(adyen.credentialSchema.safeParse(withPassword).success).toBe(true);
  });
});

describe('an Adyen item', () => {
  it('keeps its key when only unsigned fields differ', () => {
    const again = adyenItem({ eventDate: '2024-01-02T10:00:00Z', reason: 'other' });
    expect(parseOne(again)?.key).toBe(parseOne(adyenItem())?.key);
  });

  it('does not move a dispute to an end by an unsigned field alone', () => {
    const lost = modification('CHARGEBACK', { additionalData: { disputeStatus: 'Lost' } });
    expect(parseOne(lost)?.event?.type).toBe('chargeback');
    expect(parseOne(lost, { ...settings, trust_unsigned_fields: true })?.event?.type).toBe('dispute_lost');
  });

  it('passes on the shopper and the metadata, and not the card digits in the reason of a success', () => {
    const additionalData = { shopperReference: 'shopper-1', 'metadata.cart': '9', cardSummary: '1111' };
    const item = parseOne(adyenItem({ additionalData }));
    expect(item?.event?.object).toMatchObject({ customer: 'shopper-1', metadata: { cart: '9' }, detail: 'authorized' });
    expect(JSON.stringify(item?.event?.object)).not.toContain('1111');
  });

  it.each([
    [{ currency: 'CLP', value: 150_000 }, 1500],
    [{ currency: 'IDR', value: 1500 }, 150_000],
    [{ currency: 'JPY', value: 1500 }, 1500],
    [{ currency: 'EUR', value: 10.5 }, null],
    [{ currency: 'EUR', value: 2 ** 53 }, null],
  ])('counts %j in ISO minor units: %p', (amount, expected) => {
    expect(parseOne(adyenItem({ amount }))?.event?.object.amount_minor).toBe(expected);
  });

  it.each([{ eventDate: 'yesterday' }, { eventDate: undefined }, { pspReference: '' }])(
    'raises nothing with %j, and is acknowledged',
    (more) => {
      expect(parseOne(adyenItem(more))).toMatchObject({ event: null, reason: 'unsupported' });
    },
  );
});

function itemsOf(...items: object[]) {
  return adyenNotification(...items).notificationItems;
}

function itemsIn(payload: object): object[] {
  const { notificationItems } = payload as ReturnType<typeof adyenNotification>;
  return notificationItems.map((entry) => entry.NotificationRequestItem);
}

function additionalDataOf({ body }: RawNotification): { hmacSignature: string } {
  return JSON.parse(body.toString()).notificationItems[0].NotificationRequestItem.additionalData;
}
