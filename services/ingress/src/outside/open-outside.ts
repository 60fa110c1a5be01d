import type { OutsideAnswer } from '@owngateway/connectors';
import { createAxios, type OutboundClient } from '@owngateway/outbound';

/** For everything together; what asks here can ask again. */
const DEADLINE_MS = 10_000;
/** No object of a vendor comes near. */
const MAX_ANSWER_BYTES = 1_048_576;

type Headers = Readonly<Record<string, string>>;

/** The guarded way out that connectors are lent (rule 16). No call rejects, whatever is at the other end. */
export interface LentOutside {
  get(url: string, headers: Headers): Promise<OutsideAnswer>;
  post(url: string, headers: Headers, body: string): Promise<OutsideAnswer>;
}

/** @param deadlineMs of each call, from waiting for a connection to the last byte; 10,000 unless given */
export function openOutside(client: OutboundClient, deadlineMs = DEADLINE_MS): LentOutside {
  const axios = createAxios(client);

  async function ask(config: { method: string; url: string; headers: Headers; data?: string }): Promise<OutsideAnswer> {
    try {
      const { status, headers, data } = await axios.request<string>({
        ...config,
        headers: { ...config.headers },
        timeout: deadlineMs,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: 'text',
        // The connector reads it: a body that looks like JSON stays text, and every status is an answer.
        transformResponse: (text: string) => text,
        validateStatus: () => true,
      });
      const named = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
      return { kind: 'answered', status, headers: Object.fromEntries(named), body: data };
    } catch (error) {
      // Messages of the guarded client are from a fixed list; anything else stays inside.
      const isOurs = error instanceof Error && error.name === 'AxiosError';
      return { kind: 'unanswered', detail: isOurs ? error.message : 'the request failed' };
    }
  }

  return {
    get: (url, headers) => ask({ method: 'GET', url, headers }),
    post: (url, headers, body) => ask({ method: 'POST', url, headers, data: body }),
  };
}
