import { fieldName } from './field-faults.ts';
import type { FieldFault } from './problem-error.ts';

type Path = readonly (string | number)[];

const MAX_FAULTS = 50;

/**
 * Every field called `__proto__` in a parsed JSON body, at any depth. The validator drops such a field without a word, even
 * where unknown ones are refused or any name is allowed; whoever sent it would believe that it was taken.
 */
export function prototypeFaults(json: unknown): FieldFault[] {
  return faultsBelow(json, []).slice(0, MAX_FAULTS);
}

function faultsBelow(json: unknown, path: Path): FieldFault[] {
  if (typeof json !== 'object' || json === null) return [];
  if (Array.isArray(json)) return json.flatMap((item, index) => faultsBelow(item, [...path, index]));
  return Object.entries(json).flatMap(([name, value]) =>
    name === '__proto__'
      ? [{ field: fieldName([...path, name]), code: 'not_allowed', message: 'This name is not allowed.' }]
      : faultsBelow(value, [...path, name]),
  );
}
