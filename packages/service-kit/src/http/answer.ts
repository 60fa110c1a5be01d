import type { Response } from 'express';

/** What a handler answers with. A string or Buffer goes out as it is, with the handler's Content-Type. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** 200 with a JSON body. */
export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, body, headers };
}

/** 201 with a JSON body. */
export function created(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 201, body, headers };
}

/** 202 with a JSON body. */
export function accepted(body: unknown): Answer {
  return { status: 202, body };
}

/** 204 */
export function noContent(): Answer {
  return { status: 204 };
}

/** Writes an answer. */
export function sendAnswer(response: Response, answer: Answer): void {
  response.status(answer.status);
  if (answer.headers !== undefined) response.set(answer.headers);
  const { body } = answer;
  if (body === undefined) {
    response.end();
    return;
  }
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    response.send(body);
    return;
  }
  if (response.get('Content-Type') === undefined) response.type('application/json');
  response.send(JSON.stringify(body));
}
