import { type ProblemKind, problems, problemTypeOf } from './problem-kinds.ts';

/** One invalid field or parameter. `field` is a path such as `authentication.password` or `event_types[0]`. */
export interface FieldFault {
  field: string;
  code: string;
  message: string;
}

export interface ProblemOptions {
  /** For the caller, about this occurrence; the kind's description unless given. Must hold no secret, no payload and no internal address. */
  detail?: string;
  errors?: readonly FieldFault[];
  headers?: Readonly<Record<string, string>>;
  /** Seconds; becomes `Retry-After`. */
  retryAfterS?: number;
  /** For the log only. */
  cause?: unknown;
}

/** A problem to answer with; the error middleware turns it into a problem document (RFC 9457). */
export class ProblemError extends Error {
  readonly code: string;
  readonly kind: ProblemKind;
  readonly detail: string | undefined;
  readonly errors: readonly FieldFault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, options: ProblemOptions = {}) {
    super(options.detail ?? kind.title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.code = kind.code;
    this.kind = kind;
    this.detail = options.detail;
    this.errors = options.errors;
    const retryAfter =
      options.retryAfterS === undefined ? {} : { 'Retry-After': String(Math.ceil(options.retryAfterS)) };
    this.headers = { ...retryAfter, ...options.headers };
  }
}

/** An RFC 9457 problem document, as it goes over the wire. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  request_id: string;
  errors?: readonly FieldFault[];
  /** Where to find help (001.21), when SUPPORT_CONTACT is set. */
  support?: string;
}

/** The document for a problem. `instance` is the request's path, without its query. */
export function problemDocument(
  problem: ProblemError,
  request: { path: string; requestId: string; supportContact?: string | undefined },
): ProblemDocument {
  const document: ProblemDocument = {
    type: problemTypeOf(problem.kind),
    title: problem.kind.title,
    status: problem.kind.status,
    detail: problem.detail ?? problem.kind.description,
    instance: request.path,
    request_id: request.requestId,
  };
  if (problem.errors !== undefined) document.errors = problem.errors;
  if (request.supportContact !== undefined) document.support = request.supportContact;
  return document;
}

/** 404: it is not there, or not the caller's, which must look the same. */
export function notFound(): ProblemError {
  return new ProblemError(problems.not_found);
}

/** 405: the path is there for these methods. */
export function methodNotAllowed(methods: readonly string[]): ProblemError {
  const allowed = methods.join(', ');
  return new ProblemError(problems.method_not_allowed, { detail: `Allowed: ${allowed}.`, headers: { Allow: allowed } });
}

/** 422 for one field whose fault only the use case can see. */
export function invalidField(field: string, code: string, message: string): ProblemError {
  return new ProblemError(problems.validation, { detail: `${field}: ${message}`, errors: [{ field, code, message }] });
}

/** 503 with `Retry-After`: a store is away. */
export function unavailable(cause?: unknown, retryAfterS = 5): ProblemError {
  return new ProblemError(problems.unavailable, { detail: `Try again in ${retryAfterS} s.`, retryAfterS, cause });
}
