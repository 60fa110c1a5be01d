import type { Request } from 'express';
import { z } from 'zod';
import { readFields } from '../problems/field-faults.ts';
import { type FieldFault, notFound, ProblemError } from '../problems/problem-error.ts';
import { problems } from '../problems/problem-kinds.ts';
import { prototypeFaults } from '../problems/prototype-faults.ts';
import { parseJsonBody, requireJsonType } from './json-body.ts';

/** A plain object schema becomes a strict one: unknown fields are refused, not ignored. */
export function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
}

/** Path parameters; 404 if one cannot be an id of ours, but 422 with PUT, whose caller chooses the id. */
export function readParams(schema: z.ZodObject, request: Request): unknown {
  const read = readFields(schema, request.params);
  if (read.ok) return read.value;
  throw request.method === 'PUT' ? invalidFields(read.faults) : notFound();
}

/** Query parameters; 400 naming every unknown, repeated or invalid one. */
export function readQuery(schema: z.ZodObject, request: Request): unknown {
  const given: Record<string, unknown> = { ...request.query };
  const repeated = Object.keys(given).filter((name) => typeof given[name] !== 'string');
  for (const name of repeated) delete given[name];
  const read = readFields(schema, given);
  if (read.ok && repeated.length === 0) return read.value;
  throw invalidParameters([...repeated.map(repeatedParameter), ...(read.ok ? [] : read.faults)]);
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
  const read = readFields(schema, json);
  const faults = read.ok ? [] : read.faults;
  const unseen = prototypeFaults(json).filter(({ field }) => faults.every((fault) => fault.field !== field));
  const errors = [...faults, ...unseen];
  if (read.ok && errors.length === 0) return read.value;
  throw invalidFields(errors);
}

function invalidFields(errors: readonly FieldFault[]): ProblemError {
  return new ProblemError(problems.validation, { detail: summaryOf(errors), errors });
}

function summaryOf(errors: readonly FieldFault[]): string {
  const fields = [...new Set(errors.map((error) => error.field))];
  return `Not valid: ${fields.slice(0, 10).join(', ')}${fields.length > 10 ? ', ...' : ''}`;
}
