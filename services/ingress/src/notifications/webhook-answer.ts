import type { Acknowledgement } from '@owngateway/connectors';
import type { ProblemDocument } from '@owngateway/service-kit';
import type { Response } from 'express';
import { REFUSAL_BODY } from './refusal.ts';

/** Answers as the connector expects. Written without Express's `send`, which would compute what nobody asks for. */
export function sendAcknowledgement(response: Response, { status, contentType, body }: Acknowledgement): void {
  response.setHeader('Cache-Control', 'no-store');
  if (contentType !== null) {
    response.setHeader('Content-Type', contentType);
  }
  write(response, status, body);
}

/** The 401; apart from date and request id the same bytes every time. */
export function sendRefusal(response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json');
  // Required with every 401 (RFC 9110, 15.5.2); the scheme is the connector's own signature.
  response.setHeader('WWW-Authenticate', 'Signature');
  write(response, 401, REFUSAL_BODY);
}

/** Any other answer: a problem document (RFC 9457). */
export function sendProblem(
  response: Response,
  document: ProblemDocument,
  headers: Readonly<Record<string, string>>,
): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json');
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, value);
  }
  write(response, document.status, JSON.stringify(document));
}

/** A body that is text leaves in one piece with its headers; bytes would be a second one. */
function write(response: Response, status: number, body: string): void {
  response.statusCode = status;
  // A 204 has no length (RFC 9110, 8.6).
  if (status !== 204) {
    response.setHeader('Content-Length', Buffer.byteLength(body));
  }
  if (body === '') {
    response.end();
  } else {
    response.end(body);
  }
}
