import type { Enrichment } from '../connector.ts';
import type { Outside, OutsideAnswer } from '../outside.ts';
import { type Fields, fieldsOf, isFields } from '../payload/fields.ts';
import { readJson, readJsonNumbersAsWritten } from '../payload/json.ts';

/** What came of asking for one object. `written` is the same object with its numbers as the texts they were written as. */
export type Fetched = { kind: 'fetched'; object: Fields; written: Fields } | Exclude<Enrichment, { kind: 'resolved' }>;

export interface Question {
  /** Built from ids of a strict shape only: a notification chooses neither host nor path. */
  url: string;
  /** What the object's `id` must be; an answer about anything else is none. */
  id: string;
  /** Where the object is in the answer; the whole answer unless given. */
  pick?(answer: Fields): unknown;
}

/**
 * Asks a vendor's API for one object, as the holder of each bearer token in turn until one is given it: while keys rotate,
 * or where test and live keys stand side by side, only one of them knows the object. Gone is only what none of them knows.
 */
export async function fetchObject(question: Question, tokens: readonly string[], outside: Outside): Promise<Fetched> {
  let outcome: Fetched = notYet('no credential to ask the API with');
  for (const [index, token] of tokens.entries()) {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    const fetched = read(await outside.get(question.url, headers), question);
    if (fetched.kind === 'fetched') {
      return fetched;
    }
    outcome = index === 0 || outcome.kind === 'gone' ? fetched : outcome;
  }
  return outcome;
}

function read(answer: OutsideAnswer, { id, pick = (whole) => whole }: Question): Fetched {
  if (answer.kind === 'unanswered') {
    return notYet(`no answer: ${answer.detail}`);
  }
  const { status, headers, body } = answer;
  if (status === 404 || status === 410) {
    return { kind: 'gone', detail: `HTTP ${status}` };
  }
  if (status !== 200) {
    return notYet(`HTTP ${status}`, headers['retry-after'] ?? null);
  }
  const json = readJson(Buffer.from(body));
  const exact = readJsonNumbersAsWritten(Buffer.from(body));
  if (!json.ok || !exact.ok || !isFields(json.value)) {
    return notYet('HTTP 200 with something else than a JSON object');
  }
  const written = fieldsOf(pick(fieldsOf(exact.value)));
  return written.id === id
    ? { kind: 'fetched', object: fieldsOf(pick(json.value)), written }
    : notYet('HTTP 200 about something else');
}

function notYet(detail: string, retryAfter: string | null = null): Fetched {
  return { kind: 'not_yet', detail, retryAfter };
}
