/** One kind of problem: what stays the same every time it happens. A row of docs/errors.md. */
export interface ProblemKind {
  /** Stable; `type` is `/errors/<code with dashes>`. */
  code: string;
  status: number;
  title: string;
  /** When it happens and what the caller can do: for docs/errors.md, and the `detail` of a problem that gives none. */
  description: string;
}

/** Declares kinds of problems under their codes. */
export function defineProblems<const Codes extends string>(
  kinds: Record<Codes, Omit<ProblemKind, 'code'>>,
): Record<Codes, ProblemKind> {
  const entries = Object.entries<Omit<ProblemKind, 'code'>>(kinds);
  return Object.fromEntries(entries.map(([code, kind]) => [code, { code, ...kind }])) as Record<Codes, ProblemKind>;
}

/** The problems that every service can answer with (api.md, Common rules). */
export const problems = defineProblems({
  malformed_body: {
    status: 400,
    title: 'The body is not valid JSON',
    description: 'The position of the first mistake is named. Send JSON in UTF-8, nested at most 64 levels.',
  },
  invalid_parameter: {
    status: 400,
    title: 'A query parameter is not valid',
    description:
      'A parameter is unknown, given twice or has an invalid value; each one is named in `errors`, with what is allowed.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid token',
    description:
      'Send `Authorization: Bearer <token>` with a token of this installation that is neither expired nor revoked; `detail` says what was wrong.',
  },
  forbidden: {
    status: 403,
    title: 'A permission is missing',
    description: 'The token lacks a scope that this call needs; `detail` names it.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    description: 'It does not exist, or it is not yours.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    description: 'The path exists, but not with this method; `detail` and the `Allow` header list the methods.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    description: 'The request contradicts the present state; `detail` says how.',
  },
  idempotency_key_in_use: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still running',
    description: 'Try again after `Retry-After` seconds.',
  },
  idempotency_answer_lost: {
    status: 409,
    title: 'The first answer cannot be read any more',
    description:
      'The first request with this Idempotency-Key was carried out; look for what it made before you use another key.',
  },
  tokens_minted_elsewhere: {
    status: 409,
    title: 'Tokens come from the identity provider',
    description: 'This installation has public keys only and cannot mint tokens.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    description: '`detail` names the limit in bytes.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    description: 'Send `Content-Type: application/json`, UTF-8, without `Content-Encoding`.',
  },
  validation: {
    status: 422,
    title: 'A field is not valid',
    description:
      'Every invalid or unknown field is named in `errors`; so is an id in the path of a PUT, which the caller chooses.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key belongs to another request',
    description: 'Use a new key for a request with another body.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    description: 'Try again after `Retry-After` seconds; the `RateLimit` headers tell how much is left.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    description: 'A fault of ours; it was logged under the request id. Trying again later is safe for reads.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    description: 'A store is away. Try again after `Retry-After` seconds.',
  },
});

/** The URI path that a problem document carries as `type`; stable, documented in docs/errors.md. */
export function problemTypeOf(kind: ProblemKind): string {
  return `/errors/${kind.code.replaceAll('_', '-')}`;
}
