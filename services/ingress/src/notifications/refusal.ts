import { defineProblems, problemTypeOf } from '@owngateway/service-kit';

/** The problems of ingress beside the common ones; rows of docs/errors.md. */
export const ingressProblems = defineProblems({
  notification_refused: {
    status: 401,
    title: 'Notification refused',
    description:
      'A notification that is not genuine for this address. Whether merchant, connector or signature was wrong is not told.',
  },
});

const { notification_refused: refused } = ingressProblems;

/** The one body of every refusal, the same bytes whatever the reason, so that nobody learns which merchants exist (000.24). */
export const REFUSAL_BODY: string = JSON.stringify({
  type: problemTypeOf(refused),
  title: refused.title,
  status: refused.status,
  detail: 'The notification is not genuine for this address.',
});
