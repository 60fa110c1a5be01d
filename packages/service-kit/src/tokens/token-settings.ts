/** Where the keys come from that tokens are verified with. */
export type TokenKeys =
  | { kind: 'secret'; secret: string }
  | { kind: 'public'; keys: string }
  | { kind: 'jwks'; url: string };

/** What a token must say and who may have signed it. */
export interface TokenSettings {
  issuer: string;
  audience: string;
  environment: 'sandbox' | 'production';
  keys: TokenKeys;
}
