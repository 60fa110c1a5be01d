import { type FieldFault, ProblemError, problems } from '@owngateway/service-kit';

/** 422 for faults that only the use case could see, in the words of those that the schema sees. */
export function invalid(faults: readonly FieldFault[]): ProblemError {
  const fields = [...new Set(faults.map(({ field }) => field))];
  return new ProblemError(problems.validation, { detail: `Not valid: ${fields.join(', ')}`, errors: faults });
}
