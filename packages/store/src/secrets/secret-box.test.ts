import { createCipheriv, randomBytes } from 'node:crypto';
import { SealBrokenError, SecretBox } from './secret-box.ts';

const PLACE = { tenant: 'merchant:m_1', recordId: 'sub_1', field: 'signing' };
const OLD = { version: 1, key: randomBytes(32) };
const NEW = { version: 2, key: randomBytes(32) };
const box = new SecretBox([OLD, NEW]);

describe('a sealed text', () => {
  it('opens to what it was, for every length and script', () => {
    for (const text of ['', 'a', 'whsec_0123', 'ünïcode – ключ – 鍵', 'x'.repeat(10_000)]) {
      expect(box.open(box.seal(text, PLACE), PLACE)).toBe(text);
    }
    expect(box.openJson(box.sealJson({ a: [1, null] }, PLACE), PLACE)).toEqual({ a: [1, null] });
  });

  it('differs each time and shows nothing of the text', () => {
    const sealed = [box.seal('whsec_secret', PLACE), box.seal('whsec_secret', PLACE)];
    expect(new Set(sealed).size).toBe(2);
    for (const one of sealed) expect(one).toMatch(/^v1\.2\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
  });

  it('is refused when any character of it was altered', () => {
    const sealed = box.seal('whsec_secret', PLACE);
    for (let index = 0; index < sealed.length; index++) {
      for (const other of ['A', 'B', '.', '1']) {
        if (sealed[index] === other) continue;
        const altered = sealed.slice(0, index) + other + sealed.slice(index + 1);
        expect(() => box.open(altered, PLACE)).toThrow(SealBrokenError);
      }
    }
  });

  it('is refused in another tenant, record or field', () => {
    const sealed = box.seal('whsec_secret', PLACE);
    for (const moved of [{ tenant: 'merchant:m_2' }, { recordId: 'sub_2' }, { field: 'headers' }]) {
      expect(() => box.open(sealed, { ...PLACE, ...moved })).toThrow(SealBrokenError);
    }
    const shifted = { tenant: 'merchant:m_1","sub_1', recordId: '', field: 'signing' };
    expect(() => box.open(sealed, shifted)).toThrow(SealBrokenError);
  });

  it('is refused with a shortened tag, even one that is right as far as it goes', () => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', NEW.key, nonce, { authTagLength: 4 });
    cipher.setAAD(Buffer.from(JSON.stringify(['v1', 2, PLACE.tenant, PLACE.recordId, PLACE.field])));
    const ciphertext = Buffer.concat([cipher.update('x'), cipher.final()]);
    const parts = [nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
    expect(() => box.open(['v1', 2, ...parts].join('.'), PLACE)).toThrow(SealBrokenError);
    const [format, version, nonceText, tag, text] = box.seal('x', PLACE).split('.');
    expect(() => box.open([format, version, nonceText, tag?.slice(0, 6), text].join('.'), PLACE)).toThrow(
      SealBrokenError,
    );
  });

  it('opens with the key it names, while that is in the ring', () => {
    const before = new SecretBox([OLD]).seal('kept', PLACE);
    expect(before).toMatch(/^v1\.1\./);
    expect(box.open(before, PLACE)).toBe('kept');
    expect(() => new SecretBox([NEW]).open(before, PLACE)).toThrow('key 1');
    expect(() => box.open(before.replace('v1.1.', 'v1.2.'), PLACE)).toThrow(SealBrokenError);
    expect(() => box.open('plain text', PLACE)).toThrow(SealBrokenError);
  });
});

describe('a key ring', () => {
  it('is refused when it cannot be right', () => {
    expect(() => new SecretBox([])).toThrow(RangeError);
    expect(() => new SecretBox([{ version: 1, key: randomBytes(16) }])).toThrow('32 bytes');
    expect(() => new SecretBox([OLD, { ...NEW, version: 1 }])).toThrow('same version');
    expect(() => new SecretBox([{ ...OLD, version: -1 }])).toThrow(RangeError);
  });
});
