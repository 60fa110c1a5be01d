import { MAX_HEADERS } from './refused-head.ts';

/** Names, values and the first line. */
export const MAX_HEAD_BYTES = 16_384;

/** The statuses of a request that is refused before anybody has looked at what it asks for. */
export type UnreadableStatus = 400 | 408 | 413 | 431;

const WORDS: Readonly<Record<UnreadableStatus, { title: string; detail: string }>> = {
  400: { title: 'Bad Request', detail: 'The request is not valid HTTP.' },
  408: { title: 'Request Timeout', detail: 'The request took too long.' },
  413: { title: 'Payload Too Large', detail: 'The extensions of a chunk are too long.' },
  431: {
    title: 'Request Header Fields Too Large',
    detail: `The limits are ${MAX_HEAD_BYTES} bytes and ${MAX_HEADERS} header fields.`,
  },
};

/** The problem document of such a refusal. It has no type of ours: there is nothing to decide by but the status (RFC 9457, 4.2.1). */
export function unreadableRequest(status: UnreadableStatus): { headers: Record<string, string>; body: string } {
  const { title, detail } = WORDS[status];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
  };
  return { headers, body };
}

/** The same as text, for what Node's parser refuses: there is no response to write it with. */
export function unreadableRequestText(fault: Error): string {
  const status = statusOf(fault);
  const { headers, body } = unreadableRequest(status);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${WORDS[status].title}\r\n${lines.join('')}\r\n${body}`;
}

/** As Node itself would answer. */
function statusOf(fault: Error): UnreadableStatus {
  switch ('code' in fault ? fault.code : undefined) {
    case 'HPE_HEADER_OVERFLOW':
      return 431;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 413;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 408;
    default:
      return 400;
  }
}
