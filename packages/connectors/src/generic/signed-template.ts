import type { RawNotification } from '../connector.ts';
import { headerBytes, headerValues } from './header-values.ts';
import { HEADER_NAME } from './source.ts';

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'body' }
  | { kind: 'url' }
  | { kind: 'timestamp' }
  | { kind: 'header'; name: string };

/** What a provider signs, such as `{timestamp}.{body}`: what stands between the placeholders is signed as it is. */
export type SignedTemplate = readonly Part[];

/** Why a text is no template, in words for the person who wrote it. */
export type TemplateReading = { ok: true; template: SignedTemplate } | { ok: false; message: string };

const MAX_PLACEHOLDERS = 8;

/** Reads a template once; nothing of it is looked at again for a notification. */
export function parseTemplate(text: string): TemplateReading {
  const pieces = text.split(/\{([^{}]*)\}/);
  const parts = pieces.map((piece, at): Part | null => (at % 2 === 0 ? textPart(piece) : placeholder(piece)));
  if (!parts.every((part) => part !== null)) {
    const message = 'has braces around something else than body, timestamp, url or header:name';
    return { ok: false, message };
  }
  const template = parts.filter((part) => part.kind !== 'text' || part.text !== '');
  const bodies = template.filter((part) => part.kind === 'body').length;
  const times = template.filter((part) => part.kind === 'timestamp').length;
  if (bodies !== 1) {
    return { ok: false, message: 'must contain {body} once: what is not signed could be anybody’s' };
  }
  if (times > 1 || pieces.length > 2 * MAX_PLACEHOLDERS + 1) {
    return { ok: false, message: `has {timestamp} twice, or more than ${MAX_PLACEHOLDERS} placeholders` };
  }
  return { ok: true, template };
}

/** Whether the time is among what is signed. */
export function signsTime(template: SignedTemplate): boolean {
  return template.some((part) => part.kind === 'timestamp');
}

/** Whether this header, in lower case, is among what is signed. */
export function signsHeader(template: SignedTemplate, name: string): boolean {
  return template.some((part) => part.kind === 'header' && part.name === name);
}

/**
 * The bytes that were signed, in pieces: the body is neither decoded nor copied.
 *
 * @param timestamp as it was written
 * @returns null when a signed header is missing or comes more than once
 */
export function signedBytes(
  template: SignedTemplate,
  notification: RawNotification,
  timestamp: string,
): Buffer[] | null {
  const bytes = template.map((part) => bytesOf(part, notification, timestamp));
  return bytes.every((piece) => piece !== null) ? bytes : null;
}

function bytesOf(part: Part, { headers, url, body }: RawNotification, timestamp: string): Buffer | null {
  switch (part.kind) {
    case 'text':
      return Buffer.from(part.text);
    case 'body':
      return body;
    case 'url':
      return Buffer.from(url);
    case 'timestamp':
      return headerBytes(timestamp);
    case 'header': {
      const [value, ...more] = headerValues(headers, part.name);
      return value === undefined || more.length > 0 ? null : headerBytes(value);
    }
  }
}

function textPart(text: string): Part | null {
  return /[{}]/.test(text) ? null : { kind: 'text', text };
}

function placeholder(name: string): Part | null {
  switch (name) {
    case 'body':
    case 'url':
    case 'timestamp':
      return { kind: name };
    default: {
      const header = name.startsWith('header:') ? name.slice('header:'.length) : '';
      return HEADER_NAME.test(header) ? { kind: 'header', name: header.toLowerCase() } : null;
    }
  }
}
