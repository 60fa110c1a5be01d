import { defineProblems } from '@owngateway/service-kit';

/** The problems that only this service answers with; rows of docs/errors.md beside the ones of every service. */
export const apiProblems = defineProblems({
  connector_account_name_taken: {
    status: 409,
    title: 'The name is taken',
    description: 'The merchant has a connector account of this name; choose another `name`.',
  },
  too_many_secrets: {
    status: 409,
    title: 'Too many secrets sign at once',
    description: 'Wait until a previous secret has expired, or rotate with `expire_previous_in_s: 0`.',
  },
  secret_unreadable: {
    status: 409,
    title: 'The stored secret cannot be opened',
    description: 'The installation lacks the key that it was encrypted with. Tell its operator, or rotate the secret.',
  },
  changed_meanwhile: {
    status: 409,
    title: 'Somebody else is changing it',
    description: 'Other changes came in between several times; read it again and repeat the request.',
  },
  delivery_ended: {
    status: 409,
    title: 'The delivery has ended',
    description: 'Only deliveries that are pending, retrying or held can be cancelled.',
  },
  replay_waiting: {
    status: 409,
    title: 'A replay of this delivery waits already',
    description:
      'The replay before has not been sent yet: the delivery says until about when it is held back. Ask again once it was.',
  },
  payload_gone: {
    status: 409,
    title: 'The payload is no longer kept',
    description: 'The event is older than the retention time, so there is nothing left to send again.',
  },
  subscription_disabled: {
    status: 409,
    title: 'The subscription is disabled',
    description: 'Enable it first; its held deliveries are then sent.',
  },
  subscription_deleted: {
    status: 409,
    title: 'The subscription was deleted',
    description: 'A delivery cannot be sent again to a subscription that is gone.',
  },
  too_many_replays: {
    status: 409,
    title: 'Too many bulk replays are running',
    description: 'Ten may run at a time; wait until one is done, or cancel one.',
  },
  replay_done: {
    status: 409,
    title: 'The bulk replay is done',
    description: 'There is nothing left to cancel; what it sent again stays so.',
  },
  notification_body_gone: {
    status: 409,
    title: 'The notification’s body is no longer kept',
    description: 'What the connector sent was taken away, so there is nothing left to read again.',
  },
  idempotency_key_malformed: {
    status: 400,
    title: 'The Idempotency-Key is malformed',
    description: 'It has 1 to 255 visible ASCII characters.',
  },
});
