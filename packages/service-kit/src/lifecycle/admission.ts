import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { refusedHead } from './refused-head.ts';
import { unreadableRequest } from './unreadable-request.ts';

/** Requests on one connection that wait for their answers. Node takes as many as come; hardly any client sends a second one. */
const MAX_UNANSWERED = 32;

export interface Admission {
  /** Whether a request is to be handled. The others are answered, or their connection cut. */
  admit(request: IncomingMessage, response: ServerResponse): boolean;
  /** Whether the connection can be told of a fault: no answer has begun on it that the words would fall into. */
  canBeTold(socket: Duplex): boolean;
}

export function createAdmission(): Admission {
  const refused = new WeakSet<Duplex>();
  const unanswered = new WeakMap<Duplex, Set<ServerResponse>>();
  return {
    admit(request, response) {
      const { socket } = request;
      // What came behind a refused head was read by its rules; Node would go on with it until the answer has left.
      if (refused.has(socket)) return false;
      const status = refusedHead(request);
      if (status !== null) {
        refused.add(socket);
        const { headers, body } = unreadableRequest(status);
        response.writeHead(status, headers).end(body);
        return false;
      }
      const waiting = unanswered.get(socket) ?? new Set();
      if (waiting.size >= MAX_UNANSWERED) {
        refused.add(socket);
        socket.destroy();
        return false;
      }
      unanswered.set(socket, waiting.add(response));
      response.once('close', () => waiting.delete(response));
      return true;
    },
    canBeTold(socket) {
      if (!socket.writable || refused.has(socket)) return false;
      return [...(unanswered.get(socket) ?? [])].every(({ headersSent }) => !headersSent);
    },
  };
}
