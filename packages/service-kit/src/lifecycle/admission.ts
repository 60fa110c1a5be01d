import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusedHead } from './refused-head.ts';

/** Requests on one connection that wait for their answers. Node takes as many as come; hardly any client sends a second one. */
const MAX_UNANSWERED = 32;

/** Tells which requests are to be handled. The others are answered, or their connection cut. */
export function createAdmission(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const refused = new WeakSet<IncomingMessage['socket']>();
  const unanswered = new WeakMap<IncomingMessage['socket'], number>();
  return (request, response) => {
    const { socket } = request;
    // What came behind a refused head was read by its rules; Node would go on with it until the answer has left.
    if (refused.has(socket)) return false;
    const status = refusedHead(request);
    if (status !== null) {
      refused.add(socket);
      response.writeHead(status, { Connection: 'close', 'Content-Length': 0 }).end();
      return false;
    }
    const waiting = (unanswered.get(socket) ?? 0) + 1;
    if (waiting > MAX_UNANSWERED) {
      refused.add(socket);
      socket.destroy();
      return false;
    }
    unanswered.set(socket, waiting);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    return true;
  };
}
