/** Whole words at the end of a name, so that `x-idempotency-key` and `stripe-signature` are none. */
const SECRET =
  /(?:^|[-_])(?:authorization|authentication|auth|cookie2?|token|secret|password|credentials?|api[-_]?key|access[-_]?key|session(?:[-_]?id)?)$/i;

/**
 * Whether a header of this name is likely to be a credential itself. Headers of others are kept for looking into what
 * happened; these are not.
 */
export function isSecretHeader(name: string): boolean {
  return SECRET.test(name);
}
