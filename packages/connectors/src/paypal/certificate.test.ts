import { type Authority, createAuthority, issuerWith } from '@owngateway/outbound/testing';
import type { OutsideAnswer } from '../outside.ts';
import { withHeader } from '../testing/contract-subject.ts';
import { certificateAddress } from './certificate-address.ts';
import { judgeChain } from './certificate-chain.ts';
import { payPal } from './connector.ts';
import { payPalSettings } from './credentials.ts';
import { SigningCertificate } from './evidence.ts';
import { capture, payPalEvent } from './fixtures/payloads.ts';
import { answered, createPayPalDouble } from './fixtures/paypal-double.ts';
import { CERTIFICATE_URL, payPalNotification } from './fixtures/sending.ts';

const now = new Date('2024-01-01T00:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const long = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') };
const year = { from: new Date('2023-06-01T00:00:00Z'), to: new Date('2024-06-01T00:00:00Z') };
const past = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2023-12-31T23:59:59Z') };
const future = { from: new Date('2024-01-01T00:00:01Z'), to: new Date('2030-01-01T00:00:00Z') };

const SUBJECT = 'messageverificationcerts.paypal.com';
const root = createAuthority('Made-up Root', long);
const middle = root.issueAuthority('Made-up Intermediate', long);
const signing = middle.issue(SUBJECT, year, 'rsa');
const bundle = `${signing.cert}${middle.cert}`;
const authorities = [createAuthority('Another Root', long).cert, root.cert];
const stranger = createAuthority('Made-up Root', long);

const judge = (pem: string, subject = SUBJECT, trusted = authorities) =>
  judgeChain(pem, { subject, authorities: trusted, now });
const chainOf = (issuer: Authority, ...above: Authority[]) =>
  [issuer.issue(SUBJECT, year, 'rsa'), issuer, ...above].map(({ cert }) => cert).join('');

describe('the address of a certificate', () => {
  const path = '/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270';

  it.each([
    ['api.paypal.com', SUBJECT],
    ['api-m.paypal.com', SUBJECT],
    ['api.sandbox.paypal.com', 'messageverificationcerts.sandbox.paypal.com'],
    ['api-m.sandbox.paypal.com', 'messageverificationcerts.sandbox.paypal.com'],
  ])('is at %s for %s', (host, subject) => {
    expect(certificateAddress(`https://${host}${path}`)).toEqual({ url: `https://${host}${path}`, subject });
  });

  it.each([
    `http://api.paypal.com${path}`,
    `HTTPS://api.paypal.com${path}`,
    `https://API.PAYPAL.COM${path}`,
    `https://api.paypal.com.evil.example${path}`,
    `https://api.paypal.com.${path}`,
    `https://evil.example${path}`,
    `https://evil.example/https://api.paypal.com${path}`,
    `https://api.paypal.com@evil.example${path}`,
    `https://evil.example@api.paypal.com${path}`,
    `https://user:pass@api.paypal.com${path}`,
    `https://api.paypal.com:443${path}`,
    `https://api.paypal.com:8443${path}`,
    `https://api.paypal.com%2eevil.example${path}`,
    `https://api%2epaypal.com${path}`,
    `https://api。paypal.com${path}`,
    `https://api.pаypal.com${path}`,
    `https://xn--api-pypal-9fg.com${path}`,
    `https://www.paypal.com${path}`,
    `https://api.evil.paypal.com${path}`,
    `https://apixpaypal.com${path}`,
    `https://api.paypalxcom${path}`,
    `https://api.paypal/com${path}`,
    `https://127.0.0.1${path}`,
    `https:/api.paypal.com${path}`,
    `https:\\\\api.paypal.com${path}`,
    `https://api.paypal.com\\.evil.example${path}`,
    `//api.paypal.com${path}`,
    `https://api.paypal.com${path}?x=1`,
    `https://api.paypal.com${path}#x`,
    `https://api.paypal.com${path}/`,
    `https://api.paypal.com${path}/../../../x`,
    `https://api.paypal.com/v1/notifications/certs/../webhooks`,
    `https://api.paypal.com/v1/notifications/certs/`,
    `https://api.paypal.com/v1/notifications/certs/CERT-`,
    `https://api.paypal.com/v1/notifications/certs/CERT-..`,
    `https://api.paypal.com/v1/notifications/certs/cert-360caa42`,
    `https://api.paypal.com//v1/notifications/certs/CERT-1`,
    `https://api.paypal.com/v1/notifications/certs/CERT-${'a'.repeat(101)}`,
    ` https://api.paypal.com${path}`,
    `https://api.paypal.com${path} `,
    `https://api.paypal.com${path}\n`,
    `https://api.\tpaypal.com${path}`,
    '',
  ])('is not %s', (url) => {
    expect(certificateAddress(url)).toBeNull();
  });
});

describe('a chain of certificates', () => {
  it('leads over an intermediate to an authority of ours, and lasts as long as its shortest link', () => {
    expect(judge(bundle)).toMatchObject({ kind: 'trusted', validTo: year.to });
    expect(judge(`${bundle}${root.cert}`).kind).toBe('trusted');
    const short = { from: long.from, to: new Date('2024-02-01T00:00:00Z') };
    expect(judge(chainOf(root.issueAuthority('Short', short)))).toMatchObject({ kind: 'trusted', validTo: short.to });
  });

  it('leads over several intermediates, in any order', () => {
    const lower = middle.issueAuthority('Lower', long);
    expect(judge(chainOf(lower, middle)).kind).toBe('trusted');
    expect(judge(`${lower.issue(SUBJECT, year, 'rsa').cert}${middle.cert}${lower.cert}`).kind).toBe('trusted');
  });

  it('may have RSA keys throughout, as PayPal’s has', () => {
    const upper = root.issueAuthority('Upper', long, 'rsa');
    expect(judge(chainOf(upper.issueAuthority('Lower', long, 'rsa')), SUBJECT, [upper.cert]).kind).toBe('trusted');
  });

  it('may end at an intermediate that the process trusts, when PayPal serves none', () => {
    expect(judge(signing.cert).kind).toBe('untrusted');
    expect(judge(signing.cert, SUBJECT, [middle.cert]).kind).toBe('trusted');
  });

  it('is judged beside authorities that cannot be read, or have a key of another kind under the same name', () => {
    const namesake = root.issueAuthority('Made-up Root', long, 'rsa').cert;
    expect(judge(bundle, SUBJECT, ['junk', namesake, ...authorities]).kind).toBe('trusted');
    expect(judge(bundle, SUBJECT, ['junk', namesake])).toEqual({ kind: 'untrusted' });
  });

  it.each([
    [
      'from a root that is not ours, of the same name',
      chainOf(stranger.issueAuthority('Made-up Intermediate', long), stranger),
    ],
    ['that signed itself', createAuthority(SUBJECT, year).cert],
    ['of the right authorities that did not sign it', `${stranger.issue(SUBJECT, year, 'rsa').cert}${middle.cert}`],
    ['without the link between', `${chainOf(middle.issueAuthority('Lower', long))}`],
    ['with an intermediate that is no authority', chainOf(issuerWith('Not one', root.issue('Not one', long)))],
    ['for another name', `${middle.issue('www.paypal.com', year, 'rsa').cert}${middle.cert}`],
    ['for a name that ends the same', `${middle.issue(`evil-${SUBJECT}`, year, 'rsa').cert}${middle.cert}`],
    ['for a name that begins the same', `${middle.issue(`${SUBJECT}.evil.example`, year, 'rsa').cert}${middle.cert}`],
    [
      'for the sandbox',
      `${middle.issue('messageverificationcerts.sandbox.paypal.com', year, 'rsa').cert}${middle.cert}`,
    ],
    ['for any name', `${middle.issue('*.paypal.com', year, 'rsa').cert}${middle.cert}`],
    ['with a key of 1,024 bits', `${middle.issue(SUBJECT, year, 'rsa-1024').cert}${middle.cert}`],
    ['with a key that is not RSA', `${middle.issue(SUBJECT, year).cert}${middle.cert}`],
    ['of an authority that has the name', `${middle.issueAuthority(SUBJECT, year, 'rsa').cert}${middle.cert}`],
    ['that names another issuer', `${issuerWith('Nobody', middle).issue(SUBJECT, year, 'rsa').cert}${middle.cert}`],
    ['that has expired', `${middle.issue(SUBJECT, past, 'rsa').cert}${middle.cert}`],
    ['that is not yet valid', `${middle.issue(SUBJECT, future, 'rsa').cert}${middle.cert}`],
    ['whose intermediate has expired', chainOf(root.issueAuthority('Old', past))],
    ['whose intermediate is not yet valid', chainOf(root.issueAuthority('New', future))],
    ['with the intermediate first', `${middle.cert}${signing.cert}`],
    ['of many', `${signing.cert}${middle.cert.repeat(5)}`],
    ['with a link that cannot be read', `${signing.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`],
    ['that begins with what cannot be read', `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----${bundle}`],
  ])('is not trusted %s', (_, pem) => {
    expect(judge(pem)).toEqual({ kind: 'untrusted' });
  });

  it('is not trusted when the root has expired', () => {
    const old = createAuthority('Old Root', past);
    expect(judge(chainOf(old.issueAuthority('Under it', long)), SUBJECT, [old.cert]).kind).toBe('untrusted');
  });

  it.each([
    '',
    'not found',
    '<html>maintenance</html>',
    signing.cert.replaceAll('CERTIFICATE', 'PUBLIC KEY'),
    `${' '.repeat(65_537)}${bundle}`,
  ])('is none: %#', (body) => {
    expect(judge(body)).toEqual({ kind: 'no_certificate' });
  });
});

describe('the certificate that a notification names', () => {
  const credential = { webhook_id: '5L518819FA0214926' };
  const settings = payPalSettings.parse({});
  const sent = (certificateUrl = CERTIFICATE_URL, privateKey = signing.key) =>
    payPalNotification(payPalEvent('WH-1', 'PAYMENT.CAPTURE.COMPLETED', capture('COMPLETED')), {
      webhookId: credential.webhook_id,
      privateKey,
      at: now,
      certificateUrl,
    });
  const notification = sent();

  /** A double that serves this at the certificate's URL. */
  function serving(served: string | OutsideAnswer) {
    const payPalApi = createPayPalDouble();
    payPalApi.certificates.set(CERTIFICATE_URL, served);
    const gather = (at = now, of = notification) =>
      payPal.gatherEvidence?.(of, [credential], settings, payPalApi.sourcesAt(at, authorities));
    return { payPalApi, gather };
  }

  it('is fetched, checked, and proves the notification genuine', async () => {
    const { gather } = serving(bundle);
    const gathered = await gather();
    const evidence = gathered?.kind === 'gathered' ? gathered.evidence : null;
    expect(evidence).toBeInstanceOf(SigningCertificate);
    expect(payPal.verify({ ...notification, evidence }, [credential], settings, now)).toEqual({
      ok: true,
      signedAt: now,
    });
    const forged = sent(CERTIFICATE_URL, stranger.issue(SUBJECT, year, 'rsa').key);
    expect(payPal.verify({ ...forged, evidence }, [credential], settings, now).ok).toBe(false);
  });

  it('is fetched once a day, whatever it is named by', async () => {
    const { gather, payPalApi } = serving(bundle);
    await gather();
    await gather(later(86_399_999));
    expect(payPalApi.asked).toEqual([`GET ${CERTIFICATE_URL}`]);
    await gather(later(86_400_000));
    expect(payPalApi.asked).toHaveLength(2);
  });

  it('is not kept beyond its end', async () => {
    const end = later(3_600_000);
    const { gather, payPalApi } = serving(
      `${middle.issue(SUBJECT, { from: year.from, to: end }, 'rsa').cert}${middle.cert}`,
    );
    await gather();
    await gather(later(3_599_999));
    expect(payPalApi.asked).toHaveLength(1);
    expect(await gather(end)).toMatchObject({ kind: 'gathered', evidence: { validTo: end } });
    expect(await gather(later(3_600_001))).toEqual({ kind: 'gathered', evidence: null });
  });

  it('is not kept beyond the end of its intermediate', async () => {
    const end = later(3_600_000);
    const { gather, payPalApi } = serving(chainOf(root.issueAuthority('Brief', { from: long.from, to: end })));
    expect(await gather(later(3_599_999))).toMatchObject({ kind: 'gathered', evidence: { validTo: end } });
    await gather(end);
    expect(payPalApi.asked).toHaveLength(2);
    expect(await gather(later(3_600_001))).toEqual({ kind: 'gathered', evidence: null });
  });

  it('is kept under its own address, beside those of other addresses', async () => {
    const { gather, payPalApi } = serving(bundle);
    const url = `${CERTIFICATE_URL}1`;
    const next = middle.issue(SUBJECT, year, 'rsa');
    payPalApi.certificates.set(url, `${next.cert}${middle.cert}`);
    for (const _time of [1, 2]) {
      expect(await gather()).toMatchObject({ evidence: { url: CERTIFICATE_URL } });
      expect(await gather(now, sent(url, next.key))).toMatchObject({ evidence: { url } });
    }
    expect(payPalApi.asked).toEqual([`GET ${CERTIFICATE_URL}`, `GET ${url}`]);
  });

  it.each([
    ['not there', answered(404, {})],
    ['gone', answered(410, {})],
    ['elsewhere', { ...answered(302, ''), headers: { location: CERTIFICATE_URL } } as OutsideAnswer],
    ['not PayPal’s', chainOf(stranger.issueAuthority('Made-up Intermediate', long), stranger)],
  ])('is no evidence when it is %s, which is remembered for a minute', async (_, served) => {
    const { gather, payPalApi } = serving(served);
    expect(await gather()).toEqual({ kind: 'gathered', evidence: null });
    expect(await gather(later(59_999))).toEqual({ kind: 'gathered', evidence: null });
    expect(payPalApi.asked).toHaveLength(1);
    payPalApi.certificates.set(CERTIFICATE_URL, bundle);
    expect(await gather(later(60_000))).toMatchObject({ evidence: expect.any(SigningCertificate) });
  });

  it.each([
    ['PayPal is out of order', answered(503, bundle), 'the answer was 503'],
    ['PayPal is asked too often', answered(429, {}), 'the answer was 429'],
    ['PayPal’s gateway is in the way', answered(403, {}), 'the answer was 403'],
    ['PayPal’s gateway knows nobody', answered(401, {}), 'the answer was 401'],
    ['PayPal’s gateway is tired of waiting', answered(408, {}), 'the answer was 408'],
    ['PayPal’s gateway finds it too early', answered(425, {}), 'the answer was 425'],
    ['a page comes in its place', answered(200, '<html>maintenance</html>'), 'the answer holds no certificate'],
  ])('is unavailable while %s, which is remembered for ten seconds', async (_, served, why) => {
    const { gather, payPalApi } = serving(served);
    const detail = `PayPal’s certificate could not be fetched: ${why}`;
    expect(await gather()).toEqual({ kind: 'unavailable', detail });
    expect(await gather(later(9999))).toEqual({ kind: 'unavailable', detail });
    expect(payPalApi.asked).toHaveLength(1);
    payPalApi.certificates.set(CERTIFICATE_URL, bundle);
    expect(await gather(later(10_000))).toMatchObject({ evidence: expect.any(SigningCertificate) });
  });

  it('is unavailable while nobody answers, which is not remembered', async () => {
    const { gather, payPalApi } = serving({ kind: 'unanswered', detail: 'too many requests are under way' });
    const detail = 'PayPal’s certificate could not be fetched: too many requests are under way';
    expect(await gather()).toEqual({ kind: 'unavailable', detail });
    payPalApi.certificates.set(CERTIFICATE_URL, bundle);
    expect(await gather()).toMatchObject({ evidence: expect.any(SigningCertificate) });
  });

  it('of the live host is not accepted from the sandbox, nor the other way round', async () => {
    const { gather, payPalApi } = serving(bundle);
    const url = CERTIFICATE_URL.replace('api.', 'api.sandbox.');
    payPalApi.certificates.set(url, bundle);
    expect(await gather(now, sent(url))).toEqual({ kind: 'gathered', evidence: null });
    const sandbox = middle.issue('messageverificationcerts.sandbox.paypal.com', year, 'rsa');
    payPalApi.certificates.set(url, `${sandbox.cert}${middle.cert}`);
    expect(await gather(later(60_000), sent(url))).toMatchObject({ evidence: expect.any(SigningCertificate) });
  });

  it.each([
    [
      'names another host',
      withHeader(notification, 'paypal-cert-url', [
        'https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1',
      ]),
    ],
    ['has no signature', withHeader(notification, 'paypal-transmission-sig', undefined)],
    ['repeats its certificate', withHeader(notification, 'paypal-cert-url', [CERTIFICATE_URL, CERTIFICATE_URL])],
    ['has another algorithm', withHeader(notification, 'paypal-auth-algo', ['SHA1withRSA'])],
  ])('is asked for by nobody when the notification %s', async (_, odd) => {
    const { gather, payPalApi } = serving(bundle);
    expect(payPal.mayNeedEvidence?.(odd)).toBe(false);
    expect(await gather(now, odd)).toEqual({ kind: 'gathered', evidence: null });
    expect(payPalApi.asked).toEqual([]);
  });

  it('is asked for by nobody when the notification is too old', async () => {
    const { gather, payPalApi } = serving(bundle);
    expect(payPal.mayNeedEvidence?.(notification)).toBe(true);
    expect(await gather(later(7 * 86_400_000 + 1))).toEqual({ kind: 'gathered', evidence: null });
    expect(payPalApi.asked).toEqual([]);
  });
});
