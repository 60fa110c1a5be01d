import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;
type Form = z.core.$ZodTypes;

/** What zod calls a type, as people do. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};
const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', file: 'byte' };

/**
 * What is allowed where a field's own schema does not say it: in plain sentences, not in the validator's words. Nothing that was
 * sent is quoted.
 */
export function plainSentence(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Must be ${TYPES[issue.expected] ?? `of the type ${issue.expected}`}.`;
    case 'invalid_value':
      return mustBe(issue.values.map(written));
    case 'too_small':
      return boundSentence(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return boundSentence(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}.`;
    case 'invalid_format':
      return issue.format === 'regex' ? `Must be like ${issue.pattern}.` : `Must be a valid ${issue.format}.`;
    case 'unrecognized_keys':
      return unknownSentence(issue.inst);
    case 'invalid_union':
      return mustBe(optionsOf(issue)?.map(written) ?? formsOf(issue.inst));
    default:
      return 'This is not allowed here.';
  }
}

function boundSentence({ origin }: { origin: string }, bound: unknown, comparison: string): string {
  const unit = UNITS[origin];
  return unit === undefined
    ? `Must be ${comparison} ${bound}.`
    : `Must have ${comparison} ${bound} ${unit}${String(bound) === '1' ? '' : 's'}.`;
}

function unknownSentence(inst: RawIssue['inst']): string {
  const names = isForm(inst) && inst._zod.def.type === 'object' ? Object.keys(inst._zod.def.shape) : [];
  return names.length === 0 ? 'Not known here; nothing is.' : `Not known here; known: ${names.join(', ')}.`;
}

/** The values of the field that says which branch is meant. */
function optionsOf(issue: RawIssue): unknown[] | undefined {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : undefined;
}

/** What each branch of a union begins with. */
function formsOf(inst: RawIssue['inst']): string[] {
  if (!isForm(inst) || inst._zod.def.type !== 'union') return [];
  return [...new Set(inst._zod.def.options.flatMap((option) => formOf(option as Form)))];
}

function formOf({ _zod: { def, values } }: Form): string[] {
  if (values !== undefined) return [...values].map(written);
  if (def.type !== 'object') return [TYPES[def.type] ?? `of the type ${def.type}`];
  const required = Object.entries(def.shape).flatMap(([name, field]) => (field._zod.optin === undefined ? [name] : []));
  return [required.length === 0 ? 'an object' : `an object with ${required.join(', ')}`];
}

function isForm(inst: unknown): inst is Form {
  return (
    typeof inst === 'object' && inst !== null && '_zod' in inst && inst._zod instanceof Object && 'def' in inst._zod
  );
}

function mustBe(allowed: readonly string[]): string {
  if (allowed.length === 0) return 'None of the allowed forms matches.';
  const last = allowed.at(-1);
  return allowed.length === 1 ? `Must be ${last}.` : `Must be ${allowed.slice(0, -1).join(', ')} or ${last}.`;
}

function written(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
