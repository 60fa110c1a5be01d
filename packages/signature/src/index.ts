export { DEFAULT_TOLERANCE_S, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, X_SIGNATURE } from './headers.ts';
export { generateSecret, isSecret, type Secret, type SignatureKey, signatureKeyOf } from './secret.ts';
export { type SignatureHeaders, type SignRequest, sign } from './sign.ts';
export {
  type HeaderValue,
  type Refusal,
  type Verdict,
  type VerifyOptions,
  verifyStandardWebhook,
  verifyXSignature,
} from './verify.ts';
