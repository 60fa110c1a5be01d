import type { SuccessRule } from '../subscriptions/subscription.ts';
import type { AttemptOutcome } from './delivery.ts';
import { parseRetryAfter } from './retry-after.ts';

/** How an attempt ends when no whole HTTP answer was received (000.19). */
export type TransportFailure = Extract<
  AttemptOutcome,
  'timeout' | 'dns_error' | 'tls_error' | 'connection_error' | 'blocked_address' | 'response_too_large'
>;

/** What a receiver answered, as far as it decides. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning of the answer's body, as text. */
  readonly body: string;
}

/** What came of one HTTP try: the part of the guarded client's result that decides. */
export type AttemptResult =
  | ({ readonly kind: 'response' } & Answer)
  /** No whole answer. `answer` is set when its head had come, and only its body was too long, too slow or cut off. */
  | { readonly kind: 'failure'; readonly outcome: TransportFailure; readonly answer: Answer | null };

/** What to do next. Whether a retry is still due is the retry policy's to say (`nextAttempt`). */
export type Classification =
  | { kind: 'delivered'; outcome: 'delivered' }
  | { kind: 'retry'; outcome: Exclude<AttemptOutcome, 'delivered'>; retryAfterS: number | null }
  /** 410: the receiver says that nobody is there any more. */
  | { kind: 'disable_subscription'; outcome: 'http_error' };

export interface ClassificationRules {
  success: SuccessRule;
  /** What the `echo` rule looks for in the body. */
  eventId: string;
  /** Needed for a `Retry-After` that names a date. */
  now: Date;
}

/**
 * Decides from status or transport failure alone, never from message text. The head of an answer is enough: a status that
 * has come counts, whatever becomes of the body, because its sender has decided by then and would only be asked twice. Any 2xx is received (000.17, 001.16) unless
 * the subscription asks for more (002.16, 003.17). A redirect is a failure and is not followed, and 4xx is retried like
 * 5xx (000.18). `Retry-After` counts on every answer that is not 2xx.
 */
export function classify(result: AttemptResult, rules: ClassificationRules): Classification {
  switch (result.kind) {
    case 'failure': {
      const failed = { kind: 'retry', outcome: result.outcome, retryAfterS: null } as const;
      if (result.answer === null) return failed;
      const classification = classifyAnswer(result.answer, rules);
      // What `echo` looks for may have been in the part of the body that never came.
      const missed = rules.success === 'echo' && classification.outcome === 'not_confirmed';
      return missed ? failed : classification;
    }
    case 'response':
      return classifyAnswer(result, rules);
  }
}

function classifyAnswer({ status, headers, body }: Answer, rules: ClassificationRules): Classification {
  if (status === 410) return { kind: 'disable_subscription', outcome: 'http_error' };
  if (status >= 200 && status <= 299) {
    return isConfirmed(status, body, rules)
      ? { kind: 'delivered', outcome: 'delivered' }
      : { kind: 'retry', outcome: 'not_confirmed', retryAfterS: null };
  }
  return {
    kind: 'retry',
    outcome: status >= 300 && status <= 399 ? 'redirect' : 'http_error',
    retryAfterS: parseRetryAfter(headers['retry-after'], rules.now),
  };
}

function isConfirmed(status: number, body: string, { success, eventId }: ClassificationRules): boolean {
  switch (success) {
    case '2xx':
      return true;
    case '200':
      return status === 200;
    case 'echo':
      return body.includes(eventId);
  }
}
