import { isNativeError } from 'node:util/types';
import { withoutCardNumbers } from '@owngateway/domain';

/** What is logged of an error. */
export interface ErrorDescription {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorDescription;
}

const MAX_CAUSES = 5;

/**
 * Chosen fields of an error and its causes. pino's own serializer copies every enumerable property, and libraries hang
 * whole requests on their errors (axios: `config.headers.Authorization`).
 */
export function describeError(error: unknown, causesLeft = MAX_CAUSES): ErrorDescription {
  if (!isError(error)) return { type: typeof error, message: withoutCardNumbers(String(error).slice(0, 500)) };
  const described: ErrorDescription = { type: error.name, message: withoutCardNumbers(error.message) };
  if ('code' in error && (typeof error.code === 'string' || typeof error.code === 'number')) {
    described.code = String(error.code);
  }
  if (error.stack !== undefined) described.stack = withoutCardNumbers(error.stack);
  if (error.cause !== undefined && causesLeft > 0) described.cause = describeError(error.cause, causesLeft - 1);
  return described;
}

/** Also sees errors of another realm, such as those that Node's own modules throw inside a jest test. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value);
}
