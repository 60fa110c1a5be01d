import { z } from 'zod';
import { parseTemplate, signsHeader, signsTime } from '../signed-template.ts';
import { headersOf, parseSource } from '../source.ts';
import { acknowledgementDefinition } from './acknowledgement.ts';
import { mappingDefinition, mappingFaults } from './mapping.ts';
import { objectDefinition } from './object.ts';
import { pathText, sourceText, timeUnit } from './places.ts';
import { readTimestampSource, signatureDefinition, timestampDefinition } from './signature.ts';

const fields = z.strictObject({
  signature: signatureDefinition.describe('How a notification proves where it comes from.'),
  timestamp: timestampDefinition
    .optional()
    .describe('The signed time, where there is one; `{timestamp}` stands for it.'),
  items: pathText
    .optional()
    .describe(
      'Where the list stands, if one notification tells of several things. All other paths then begin at one of them; `$.` begins at the whole body.',
    ),
  event_id: z
    .union([sourceText, z.array(sourceText).min(1).max(4)])
    .optional()
    .describe(
      'What is the same when an event comes again: its id, or several parts that make it together. Without it, or when a part is missing, the bytes of the body decide.',
    ),
  event_type: sourceText.describe('The provider’s name of what happened; `mapping` says what it becomes.'),
  occurred_at: z
    .strictObject({
      path: sourceText.describe('Where the time stands.'),
      unit: timeUnit.describe('How it is written.'),
    })
    .optional()
    .describe('When it happened; the signed time unless given, or else when it came.'),
  object: objectDefinition.default({}).describe('Where the parts of the event’s `data.object` stand.'),
  mapping: mappingDefinition.describe(
    'The provider’s events and what they become: the first row of the exact type whose condition holds, then those with `*`. What no row names is acknowledged and recorded, and raises nothing.',
  ),
  acknowledgement: acknowledgementDefinition
    .default({ status: 200, body: '' })
    .describe('What the provider wants to hear.'),
});

type Fields = z.output<typeof fields>;

/** What notifications are read by: also a definition that was stored before a rule was added that it would now break. */
export const storedDefinition = fields.superRefine((definition, context) => {
  for (const { path, message } of [...timeFaults(definition), ...unsignedHeaders(definition)]) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

/** How an operator describes a provider: one definition, in the settings of its connector accounts. */
export const genericDefinition = storedDefinition.superRefine(({ mapping }, context) => {
  for (const { at, message } of mappingFaults(mapping)) {
    context.addIssue({ code: 'custom', path: ['mapping', at, 'type'], message });
  }
});

export type GenericDefinition = Fields;
/** As it is written: what has a default may be left out. */
export type GenericDefinitionInput = z.input<typeof fields>;

interface Fault {
  path: readonly (string | number)[];
  message: string;
}

/** A time that is not signed proves nothing, and a placeholder needs its value. */
function timeFaults({ signature, timestamp }: Fields): Fault[] {
  if (signature.algorithm === 'static') {
    return timestamp === undefined ? [] : [{ path: ['timestamp'], message: 'cannot be signed by a static value' }];
  }
  const reading = parseTemplate(signature.signed);
  if (!reading.ok) {
    return [];
  }
  const isSigned = signsTime(reading.template);
  if (timestamp === undefined) {
    return isSigned ? [{ path: ['timestamp'], message: 'is what {timestamp} in signature.signed stands for' }] : [];
  }
  const needsPair = readTimestampSource(timestamp.source)?.from === 'pair' && signature.pair === undefined;
  return [
    ...(isSigned
      ? []
      : [{ path: ['signature', 'signed'], message: 'must contain {timestamp}: an unsigned time proves nothing' }]),
    ...(needsPair ? [{ path: ['timestamp', 'source'], message: 'needs signature.pair: the header has no pairs' }] : []),
  ];
}

/** Whatever decides about an event must be vouched for: anybody may write another header around a signed body. */
function unsignedHeaders(definition: Fields): Fault[] {
  const { signature } = definition;
  if (signature.algorithm === 'static') {
    return [];
  }
  const reading = parseTemplate(signature.signed);
  if (!reading.ok) {
    return [];
  }
  const isSigned = (name: string) => signsHeader(reading.template, name);
  return sourcesOf(definition).flatMap(({ path, text }) =>
    headersOf(parseSource(text) ?? [])
      .filter((name) => !isSigned(name))
      .map(() => ({
        path,
        message: 'reads a header that is not signed: put it into signature.signed as {header:...}',
      })),
  );
}

function sourcesOf({ event_id, event_type, occurred_at, object, mapping }: Fields) {
  const { amount, default_currency: _, ...places } = object;
  const ids = [event_id]
    .flat()
    .map((text, at) => [Array.isArray(event_id) ? ['event_id', at] : ['event_id'], text] as const);
  const named: (readonly [readonly (string | number)[], string | undefined])[] = [
    ...ids,
    [['event_type'], event_type],
    [['occurred_at', 'path'], occurred_at?.path],
    [['object', 'amount', 'path'], amount?.path],
    ...Object.entries(places).map(([name, text]) => [['object', name], text] as const),
    ...mapping.map((row, at) => [['mapping', at, 'when', 'field'], row.when?.field] as const),
  ];
  return named.flatMap(([path, text]) => (text === undefined ? [] : [{ path, text }]));
}
