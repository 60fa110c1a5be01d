import type { Request } from 'express';
import { z } from 'zod';
import { fieldFaultsOf } from '../problems/field-faults.ts';
import { type FieldFault, notFound, ProblemError } from '../problems/problem-error.ts';
import { problems } from '../problems/problem-kinds.ts';
import { prototypeFaults } from '../problems/prototype-faults.ts';
import { parseJsonBody, requireJsonType } from './json-body.ts';

/** A plain object schema becomes a strict one: unknown fields are refused, not ignored. */
export function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

/** Path parameters; 404 if one cannot be an id of ours. */
export function readParams(schema: z.ZodObject, request: Request): unknown {
  const parsed = schema.safeParse(request.params);
  if (!parsed.success) throw notFound();
  return parsed.data;
}

/** Query parameters; 400 naming every unknown, repeated or invalid one. */
export function readQuery(schema: z.ZodObject, request: Request): unknown {
  const given: Record<string, unknown> = { ...request.query };
  const repeated = Object.keys(given).filter((name) => typeof given[name] !== 'string');
  if (repeated.length > 0) throw invalidParameters(repeated.map(repeatedParameter));
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw invalidParameters(fieldFaultsOf(parsed.error.issues, given));
  return parsed.data;
}

function repeatedParameter(name: string): FieldFault {
  return { field: name.slice(0, 100), code: 'repeated', message: 'This parameter may be given once.' };
}

function invalidParameters(errors: readonly FieldFault[]): ProblemError {
  return new ProblemError(problems.invalid_parameter, { detail: summaryOf(errors), errors });
}

/** The JSON body; 415, 400 or 422 naming every invalid or unknown field. */
export function readJsonBody(schema: z.ZodType, request: Request, bytes: Buffer): unknown {
  if (bytes.length === 0) {
    const parsed = schema.safeParse(undefined);
    if (parsed.success) return parsed.data;
    throw new ProblemError(problems.malformed_body, { detail: 'A JSON body is required.' });
  }
  requireJsonType(request.get('content-type'));
  const json = parseJsonBody(bytes);
  const parsed = schema.safeParse(json);
  const faults = parsed.success ? [] : fieldFaultsOf(parsed.error.issues, json);
  const unseen = prototypeFaults(json).filter(({ field }) => faults.every((fault) => fault.field !== field));
  const errors = [...faults, ...unseen];
  if (parsed.success && errors.length === 0) return parsed.data;
  throw new ProblemError(problems.validation, { detail: summaryOf(errors), errors });
}

function summaryOf(errors: readonly FieldFault[]): string {
  const fields = [...new Set(errors.map((error) => error.field))];
  return `Not valid: ${fields.slice(0, 10).join(', ')}${fields.length > 10 ? ', ...' : ''}`;
}
