import { type Request, type Response, raw } from 'express';
import { ProblemError } from '../problems/problem-error.ts';
import { problems } from '../problems/problem-kinds.ts';
import { findJsonMistake } from './json-mistake.ts';

/** Levels of nesting that a body may have; 45,000 levels once blew the stack of whoever serialised them again. */
export const MAX_JSON_DEPTH = 64;

/** Reads the body's bytes as they came; empty if there are none. Compressed bodies are refused (415). */
export function createBodyReader(limitBytes: number): (request: Request, response: Response) => Promise<Buffer> {
  // `type: () => true`, since with a pattern a request without Content-Type would be left without a body.
  const read = raw({ type: () => true, limit: limitBytes, inflate: false });
  return (request, response) =>
    new Promise((resolve, reject) => {
      read(request, response, (error: unknown) => {
        if (error) reject(problemOfReading(error, limitBytes));
        else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      });
    });
}

function problemOfReading(error: unknown, limitBytes: number): unknown {
  const type: unknown = error instanceof Error && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') {
    return new ProblemError(problems.payload_too_large, { detail: `The limit is ${limitBytes} bytes.` });
  }
  if (type === 'encoding.unsupported') {
    return new ProblemError(problems.unsupported_media_type, { detail: 'Content-Encoding is not supported.' });
  }
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return new ProblemError(problems.malformed_body, { detail: 'The body ended before its announced length.' });
  }
  return error;
}

const JSON_TYPE = /^application\/(?:json|[a-z0-9.+-]+\+json)(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

/** Throws a 415 unless the Content-Type is JSON in UTF-8. */
export function requireJsonType(contentType: string | undefined): void {
  if (contentType !== undefined && JSON_TYPE.test(contentType)) return;
  throw new ProblemError(problems.unsupported_media_type, { detail: 'Content-Type must be application/json.' });
}

/** Parses a body; mistakes are named by position and never quoted, since the body may hold secrets. */
export function parseJsonBody(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError(problems.malformed_body, { detail: 'The body is not valid UTF-8.' });
  }
  if (depthOf(text) > MAX_JSON_DEPTH) {
    throw new ProblemError(problems.malformed_body, {
      detail: `The body is nested more than ${MAX_JSON_DEPTH} levels.`,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    const { line, column } = findJsonMistake(text);
    throw new ProblemError(problems.malformed_body, { detail: `Not valid JSON at line ${line}, column ${column}.` });
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * The deepest nesting of brackets outside strings, without building anything. A loop over characters: a pattern for
 * strings would take quadratic time on an unclosed one full of escaped quotes.
 */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString && code === BACKSLASH) index++;
    else if (code === QUOTE) inString = !inString;
    else if (!inString && OPENING.has(code)) deepest = Math.max(deepest, ++depth);
    else if (!inString && CLOSING.has(code)) depth--;
  }
  return deepest;
}
