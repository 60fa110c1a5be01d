import type { EvidenceSources, Gathering, Remembered } from '../evidence.ts';
import type { OutsideAnswer } from '../outside.ts';
import type { CertificateAddress } from './certificate-address.ts';
import { judgeChain } from './certificate-chain.ts';
import { SigningCertificate } from './evidence.ts';

/** PayPal replaces its certificate about once a year; a day bounds how long a withdrawn one is still used. */
const TRUSTED_MS = 86_400_000;
const REFUSED_MS = 60_000;
const UNAVAILABLE_MS = 10_000;

/** Answers below 500 that say something about us or about the moment, and nothing about the certificate. */
const PASSING: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);

/** The certificate at this address: fetched once a day at the most, however many notifications name it. */
export function gatherCertificate(address: CertificateAddress, sources: EvidenceSources): Promise<Gathering> {
  return sources.remember(`paypal:certificate:${address.url}`, async () => {
    const answer = await sources.get(address.url, { accept: 'application/x-pem-file, */*' });
    return judge(answer, address, sources);
  });
}

function judge(answer: OutsideAnswer, address: CertificateAddress, sources: EvidenceSources): Remembered<Gathering> {
  const lasting = (value: Gathering, ms: number) => ({ value, until: new Date(sources.now.getTime() + ms) });
  const unavailable = (why: string, ms = UNAVAILABLE_MS) =>
    lasting({ kind: 'unavailable', detail: `PayPal’s certificate could not be fetched: ${why}` }, ms);

  if (answer.kind === 'unanswered') {
    // Not remembered: it may be that one account asks too much, and others use the same certificate.
    return unavailable(answer.detail, 0);
  }
  if (answer.status >= 500 || PASSING.has(answer.status)) {
    return unavailable(`the answer was ${answer.status}`);
  }
  const verdict = answer.status === 200 ? judgeChain(answer.body, { ...sources, subject: address.subject }) : null;
  switch (verdict?.kind) {
    case 'no_certificate':
      return unavailable('the answer holds no certificate');
    case 'trusted': {
      const { publicKey, validFromDate: validFrom } = verdict.certificate;
      const { validTo } = verdict;
      const evidence = new SigningCertificate({ url: address.url, publicKey, validFrom, validTo });
      return lasting({ kind: 'gathered', evidence }, Math.min(TRUSTED_MS, validTo.getTime() - sources.now.getTime()));
    }
    default:
      // Not there, somewhere else (redirects are not followed), or not PayPal's: whatever was signed with it is not genuine.
      return lasting({ kind: 'gathered', evidence: null }, REFUSED_MS);
  }
}
