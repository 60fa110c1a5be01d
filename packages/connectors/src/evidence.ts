import type { Outside, OutsideAnswer } from './outside.ts';

/** What came of gathering. */
export type Gathering =
  /** To be handed to `verify` in `notification.evidence`; also when it proves that the notification is not genuine. */
  | { kind: 'gathered'; evidence: unknown }
  /** Nobody can tell now, so nobody is refused. `detail` says why in a few words; it quotes nothing of the notification. */
  | { kind: 'unavailable'; detail: string };

/** Something that may be used again until `until`. */
export interface Remembered<Value> {
  value: Value;
  until: Date;
}

/** What ingress lends to a connector that must ask before it can verify. */
export interface EvidenceSources extends Outside {
  /** A POST. Never rejects for anything that the vendor, the network or the URL does. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<OutsideAnswer>;
  /**
   * What was loaded under this key, loaded at most once however many ask, and kept until its time is over or room is needed.
   * What could not be loaded is worth remembering too, for a short time. Rejects when `load` does.
   */
  remember<Value>(key: string, load: () => Promise<Remembered<Value>>): Promise<Value>;
  /** The public certificate authorities that this process trusts, PEM. */
  authorities: readonly string[];
  now: Date;
}
