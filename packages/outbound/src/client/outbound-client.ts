import type { TlsIdentity } from '../tls/tls-identity.ts';
import type { FailureOutcome } from './failure.ts';

/** One request. The caller has signed `body`; it goes out as it is. */
export interface OutboundRequest {
  url: string;
  /** Names and values as they go out. `host`, `connection` and what frames the body belong to the client. */
  headers: Record<string, string>;
  body: string | Buffer;
  /** For everything together, from waiting for a connection to the last byte of the answer, in milliseconds. */
  deadlineMs: number;
  /** An answer with a longer body (as sent, not inflated) is `response_too_large`. Default 65,536. */
  maxResponseBytes?: number;
  /** How much of the body the result carries. Default 4,096. */
  keepResponseBytes?: number;
  /** Default POST. */
  method?: string;
  /** The sender's own authorities and client certificate, for https. Connections made with it are used for nobody else. */
  tls?: TlsIdentity | null;
  /** Ends the request early, as `connection_error`. */
  signal?: AbortSignal;
}

/** What had come of an answer: its status and head are whole, its body may not be. */
export interface PartialAnswer {
  status: number;
  headers: Record<string, string>;
  /** The first `keepResponseBytes` of what had come, as in a whole answer. */
  body: string;
}

export type OutboundResult =
  | {
      /** Any complete answer with a final status; 3xx is an answer, never followed. */
      kind: 'response';
      status: number;
      /** Names in lower case; several values of one name are joined by a comma and a space. */
      headers: Record<string, string>;
      /** The first `keepResponseBytes` as UTF-8, in which it is no longer; bytes that are no UTF-8 become U+FFFD. Never inflated. */
      body: string;
      bodyTruncated: boolean;
      durationMs: number;
    }
  | {
      kind: 'failure';
      outcome: FailureOutcome;
      /** One of a short fixed list; names no address. */
      message: string;
      /** True when bytes may have reached the receiver, which may have acted on them. */
      requestSent: boolean;
      /** Set when valid HTTP had come up to the body, which then was too long, too slow or cut off. Whether that counts is the caller's to say. */
      answer: PartialAnswer | null;
      durationMs: number;
    };

export interface OutboundClient {
  /** Never throws for anything a receiver, a URL or the name system does: every end is a result. Nothing is sent twice. */
  send(request: OutboundRequest): Promise<OutboundResult>;
  /** Ends what is in flight as `connection_error` and closes every connection. For a graceful stop wait for `inFlight()`. */
  close(): Promise<void>;
  /** Requests whose result is still open. */
  inFlight(): number;
}
