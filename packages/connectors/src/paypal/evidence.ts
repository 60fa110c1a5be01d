import type { KeyObject } from 'node:crypto';

/** PayPal's signing certificate: fetched from its own host, its chain checked. A class, so that nothing else passes for one. */
export class SigningCertificate {
  readonly url: string;
  readonly publicKey: KeyObject;
  readonly validFrom: Date;
  readonly validTo: Date;

  constructor(of: { url: string; publicKey: KeyObject; validFrom: Date; validTo: Date }) {
    this.url = of.url;
    this.publicKey = of.publicKey;
    this.validFrom = of.validFrom;
    this.validTo = of.validTo;
  }

  isValidAt(now: Date): boolean {
    return this.validFrom <= now && now <= this.validTo;
  }
}

/** What PayPal's API answered about one notification. */
export class Vouching {
  /** Of the headers and the body that were asked about. */
  readonly fingerprint: string;
  /** The webhook that PayPal confirmed it was sent to; null when it confirmed none. */
  readonly webhookId: string | null;

  constructor(fingerprint: string, webhookId: string | null) {
    this.fingerprint = fingerprint;
    this.webhookId = webhookId;
  }
}
