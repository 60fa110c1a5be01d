import { EVENT_TYPES, type EventType } from '@owngateway/domain';
import { z } from 'zod';
import { sourceText } from './places.ts';

const MAX_ROWS = 200;

/** Every type but `endpoint_disabled`, which only the gateway itself raises. */
const RAISED_TYPES = Object.keys(EVENT_TYPES).filter((type): type is EventType => type !== 'endpoint_disabled');

const shortText = z.string().min(1).max(255);

const condition = z
  .strictObject({
    field: sourceText.describe('Where the value stands.'),
    is: z
      .array(shortText)
      .min(1)
      .max(20)
      .optional()
      .describe('One of these; numbers and booleans as they are written in JSON.'),
    present: z
      .literal(true)
      .optional()
      .describe('Instead of `is`: a text of 1 to 255 characters, a number or a boolean is there, whichever.'),
  })
  .refine(({ is, present }) => (is === undefined) !== (present === undefined), {
    error: 'has either `is` or `present`',
  });

const row = z
  .strictObject({
    type: shortText.describe('The provider’s own name of what happened; a `*` at its end stands for any ending.'),
    when: condition.optional().describe('What must hold besides the type.'),
    event: z
      .enum(RAISED_TYPES, { error: 'Names no event type; GET /v1/event-types lists them. Null raises nothing.' })
      .nullable()
      .describe('The event type to raise; null acknowledges and records it, and raises nothing.'),
    detail: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('A finer reason, such as `authorized`; goes before `object.detail`.'),
    origin: z
      .enum(['bank', 'processor', 'system'])
      .optional()
      .describe('Where such an event begins; the event type’s usual origin unless given.'),
  })
  .refine(({ event, detail, origin }) => event !== null || (detail === undefined && origin === undefined), {
    error: 'raises nothing, so it has neither detail nor origin',
  });

/** The provider's list: the first row of the exact type whose condition holds counts, then those with `*`. */
export const mappingDefinition = z.array(row).min(1).max(MAX_ROWS);

export type MappingDefinition = z.output<typeof mappingDefinition>;
type Row = MappingDefinition[number];

/** Rows that can never count: a mistake that nobody would notice until an event is missing. */
export function mappingFaults(mapping: MappingDefinition): { at: number; message: string }[] {
  return mapping.flatMap((row, at) => {
    if (row.type.slice(0, -1).includes('*')) {
      return [{ at, message: 'has a * that is not at its end, where alone it stands for any ending' }];
    }
    const before = mapping.findIndex((other, index) => index < at && covers(other, row));
    return before === -1 ? [] : [{ at, message: `is never reached: mapping[${before}] always counts before it` }];
  });
}

/** Whether whatever the later row says of, the earlier one has said already. */
function covers(earlier: Row, later: Row): boolean {
  return coversType(earlier.type, later.type) && coversCondition(earlier.when, later.when);
}

/** A row of the exact type counts before every one with `*`, wherever it stands. */
function coversType(earlier: string, later: string): boolean {
  return earlier === later || (isOpen(earlier) && isOpen(later) && later.startsWith(earlier.slice(0, -1)));
}

function isOpen(type: string): boolean {
  return type.endsWith('*');
}

function coversCondition(earlier: Row['when'], later: Row['when']): boolean {
  if (earlier === undefined) {
    return true;
  }
  if (later === undefined || earlier.field !== later.field) {
    return false;
  }
  // Any value, of which the later row asks for some.
  if (earlier.is === undefined) {
    return true;
  }
  return later.is?.every((value) => earlier.is?.includes(value)) ?? false;
}
