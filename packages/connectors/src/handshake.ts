import type { Acknowledgement } from './acknowledgement.ts';

/**
 * A vendor's question by GET whether the holder of its keys is really there (Braintree). Ingress answers it for an account
 * that exists with that account's credential, and for one that does not with a decoy, so that nobody learns which exist.
 */
export interface Handshake<Credential> {
  /** Is this query string the question, and nothing else? By shape alone; what does not have it is never signed. */
  isChallenge(query: string): boolean;
  /** To be called for a challenge only. */
  answer(query: string, credential: Credential): Acknowledgement;
  /** A credential that belongs to nobody; always the same for the same seed of 32 secret bytes, and shaped like a real one. */
  decoyCredential(seed: Buffer): Credential;
}
