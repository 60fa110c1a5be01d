import { z } from 'zod';

/** What the provider wants to hear. No HTML: the gateway’s address must show nobody’s page. */
export const acknowledgementDefinition = z
  .strictObject({
    status: z.literal([200, 201, 202, 204]).default(200).describe('The status of the answer.'),
    content_type: z.enum(['text/plain', 'application/json']).optional().describe('Required with a body.'),
    body: z.string().max(1024).default('').describe('The body of the answer, always the same.'),
  })
  .superRefine(({ status, content_type, body }, context) => {
    if (body !== '' && status === 204) {
      context.addIssue({ code: 'custom', path: ['body'], message: 'must be empty with status 204' });
    }
    if ((body !== '') !== (content_type !== undefined)) {
      context.addIssue({ code: 'custom', path: ['content_type'], message: 'goes with a body, and with nothing else' });
    }
  });
