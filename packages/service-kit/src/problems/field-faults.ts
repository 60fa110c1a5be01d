import type { z } from 'zod';
import { plainSentence } from './plain-sentence.ts';
import type { FieldFault } from './problem-error.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const MAX_FAULTS = 50;
const MAX_KEY_LENGTH = 100;

export type FieldsReading<Value> = { ok: true; value: Value } | { ok: false; faults: FieldFault[] };

/** What a schema makes of an input, or its faults: one per unknown field, each saying what is allowed, none quoting a value. */
export function readFields<Schema extends z.ZodType>(schema: Schema, input: unknown): FieldsReading<z.output<Schema>> {
  const parsed = schema.safeParse(input, { error: plainSentence });
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.flatMap((issue) => faultsOfIssue(issue, [], input));
  return { ok: false, faults: faults.slice(0, MAX_FAULTS) };
}

function faultsOfIssue(issue: Issue, base: Path, input: unknown): FieldFault[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => fault([...path, key], 'unknown_field', issue.message));
  }
  if (issue.code === 'invalid_union') {
    const branch = intendedBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => faultsOfIssue(inner, path, input));
    return [fault(path, isMissing(path, input) ? 'required' : 'invalid', issue.message)];
  }
  if (issue.code === 'invalid_type' && isMissing(path, input)) {
    return [fault(path, 'required', 'This field is required.')];
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return [fault(path, 'invalid', issue.issues[0]?.message ?? issue.message)];
  }
  return [fault(path, codeOf(issue), issue.message)];
}

/** The one branch of a union whose outer form matched, if there is exactly one: its faults are what the caller meant. */
function intendedBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) => issues.every((issue) => !isOuterMismatch(issue)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function isOuterMismatch(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

/** A custom issue may name its code: `context.addIssue({code: 'custom', params: {code: 'not_https'}, message})`. */
function codeOf(issue: Issue): string {
  if (issue.code !== 'custom') return issue.code;
  const named: unknown = issue.params?.code;
  return typeof named === 'string' ? named : 'invalid';
}

function isMissing(path: Path, input: unknown): boolean {
  let value: unknown = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return true;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value === undefined;
}

function fault(path: Path, code: string, message: string): FieldFault {
  return { field: fieldName(path), code, message };
}

/** A path as callers read it: `authentication.password`, `event_types[0]`. */
export function fieldName(path: Path): string {
  const name = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key).slice(0, MAX_KEY_LENGTH)}`))
    .join('')
    .replace(/^\./, '');
  return name === '' ? '(body)' : name;
}
