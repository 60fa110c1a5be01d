import type { Enrichment } from '../connector.ts';
import type { Outside, OutsideAnswer } from '../outside.ts';
import { type Fields, isFields } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';

/** What came of asking for one object. */
export type Fetched = { kind: 'fetched'; object: Fields } | Exclude<Enrichment, { kind: 'resolved' }>;

/** What to ask for, and how to know that it is what was asked for. */
export interface Question {
  /** Built from ids of a strict shape only: a notification chooses neither host nor path. */
  url: string;
  /** Finds the object in an answer; null when the answer is about something else. */
  find(answer: Fields): Fields | null;
}

/**
 * Asks a vendor's API for one object, as the holder of each bearer token in turn until one is given it: while keys rotate,
 * or where test and live keys stand side by side, only one of them knows the object. Gone is only what none of them knows.
 */
export async function fetchObject(
  { url, find }: Question,
  tokens: readonly string[],
  outside: Outside,
): Promise<Fetched> {
  let outcome: Fetched = notYet('no credential to ask the API with');
  for (const [index, token] of tokens.entries()) {
    const answer = await outside.get(url, { authorization: `Bearer ${token}`, accept: 'application/json' });
    const fetched = read(answer, find);
    if (fetched.kind === 'fetched') {
      return fetched;
    }
    outcome = index === 0 || outcome.kind === 'gone' ? fetched : outcome;
  }
  return outcome;
}

function read(answer: OutsideAnswer, find: Question['find']): Fetched {
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
  if (!json.ok || !isFields(json.value)) {
    return notYet('HTTP 200 with something else than a JSON object');
  }
  const object = find(json.value);
  return object === null ? notYet('HTTP 200 about something else') : { kind: 'fetched', object };
}

function notYet(detail: string, retryAfter: string | null = null): Fetched {
  return { kind: 'not_yet', detail, retryAfter };
}
