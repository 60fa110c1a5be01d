import { z } from 'zod';
import { sourceText } from './places.ts';

const amount = z.strictObject({
  path: sourceText.describe('Where the amount stands; a number or a text.'),
  unit: z
    .enum(['minor', 'major'])
    .describe('`minor`: a whole number of cents. `major`: a decimal such as 20.00, read without floating point.'),
  decimals: z
    .record(z.string().regex(/^[A-Z]{3}$/, 'is a currency code'), z.int().min(0).max(4))
    .optional()
    .describe(
      'For `minor`: currencies that the provider counts in other decimals than ISO 4217, such as `{"XOF": 2}`.',
    ),
});

/** Where the parts of `data.object` stand; what is left out stays null. */
export const objectDefinition = z.strictObject({
  connector_reference: sourceText.optional().describe('The provider’s id of the thing itself.'),
  payment_reference: sourceText
    .optional()
    .describe('The provider’s id of the payment that a refund or dispute belongs to; a payment names itself.'),
  merchant_reference: sourceText.optional().describe('The merchant’s order reference.'),
  amount: amount.optional().describe('The amount.'),
  currency: sourceText.optional().describe('An ISO 4217 code, in either case.'),
  default_currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is a currency code in upper case')
    .optional()
    .describe('Where a notification names no currency.'),
  customer: sourceText.optional().describe('The provider’s id of the customer.'),
  status: sourceText
    .optional()
    .describe(
      'The provider’s own word, told with `subscription_status_changed`; otherwise the status follows from the event type.',
    ),
  detail: sourceText.optional().describe('A finer reason, such as why a payment failed.'),
  metadata: sourceText.optional().describe('An object whose texts, numbers and booleans are passed on as texts.'),
});

export type ObjectDefinition = z.output<typeof objectDefinition>;
