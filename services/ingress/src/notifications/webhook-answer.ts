import type { Acknowledgement } from '@owngateway/connectors';
import type { ProblemDocument } from '@owngateway/service-kit';
import type { Response } from 'express';
import { REFUSAL_BODY } from './refusal.ts';

const NOTHING = Buffer.alloc(0);
/** Bytes of a connector's acknowledgement, made once. */
const bodies = new Map<string, Buffer>();

/** Answers as the connector expects. Written without Express's `send`, which would compute what nobody asks for. */
export function sendAcknowledgement(response: Response, { status, contentType, body }: Acknowledgement): void {
  response.setHeader('Cache-Control', 'no-store');
  if (contentType !== null) {
    response.setHeader('Content-Type', contentType);
  }
  write(response, status, body === '' ? NOTHING : bytesOf(body));
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
  write(response, document.status, Buffer.from(JSON.stringify(document)));
}

function write(response: Response, status: number, body: Buffer): void {
  response.statusCode = status;
  // A 204 has no length (RFC 9110, 8.6).
  if (status !== 204) {
    response.setHeader('Content-Length', body.length);
  }
  response.end(body);
}

function bytesOf(body: string): Buffer {
  const known = bodies.get(body);
  if (known !== undefined) {
    return known;
  }
  const bytes = Buffer.from(body);
  bodies.set(body, bytes);
  return bytes;
}
