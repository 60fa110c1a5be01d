import axios, {
  AxiosError,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { OutboundClient, OutboundResult } from '../client/outbound-client.ts';

const DEFAULT_DEADLINE_MS = 10_000;
const DEFAULT_MAX_RESPONSE_BYTES = 262_144;

/** How an `OutboundResult`'s failure is called in an `AxiosError.code`. */
const ERROR_CODES = {
  timeout: AxiosError.ETIMEDOUT,
  dns_error: AxiosError.ERR_NETWORK,
  tls_error: AxiosError.ERR_NETWORK,
  connection_error: AxiosError.ERR_NETWORK,
  blocked_address: 'ERR_BLOCKED_ADDRESS',
  response_too_large: AxiosError.ERR_BAD_RESPONSE,
} as const;

/**
 * axios over the guarded client, for everything but deliveries: same address guard, pools, caps and total deadline.
 * `timeout` becomes the total deadline (default 10 s), `maxContentLength` the cap of the answer (default 256 KiB). What
 * would lead around the guard has no effect: `adapter`, agents, `proxy`, `socketPath`, `maxRedirects`, `decompress`,
 * `lookup`. Answers are text or JSON; bytes and streams are refused. A 3xx is an error unless `validateStatus` admits it.
 */
export function createAxios(client: OutboundClient): AxiosInstance {
  const instance = axios.create({ proxy: false, maxRedirects: 0, decompress: false });
  const adapter = (config: InternalAxiosRequestConfig) => sendThrough(client, config);
  // Interceptors run in the reverse order of their registration, so this one has the last word on every call.
  instance.interceptors.request.use((config) => Object.assign(config, { adapter }));
  return instance;
}

async function sendThrough(client: OutboundClient, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const { responseType, signal } = config;
  if (responseType !== undefined && responseType !== 'json' && responseType !== 'text') {
    throw new AxiosError('answers are text or JSON', AxiosError.ERR_NOT_SUPPORT, config);
  }
  const maxResponseBytes = limit(config.maxContentLength, DEFAULT_MAX_RESPONSE_BYTES);
  const result = await client.send({
    url: axios.getUri(config),
    method: (config.method ?? 'get').toUpperCase(),
    headers: headersOf(config),
    body: bodyOf(config),
    deadlineMs: limit(config.timeout, DEFAULT_DEADLINE_MS),
    maxResponseBytes,
    keepResponseBytes: maxResponseBytes,
    ...(signal instanceof AbortSignal && { signal }),
  });
  return answerOf(result, config);
}

function answerOf(result: OutboundResult, config: InternalAxiosRequestConfig): AxiosResponse {
  if (result.kind === 'failure') throw new AxiosError(result.message, ERROR_CODES[result.outcome], config);
  const { status, body } = result;
  const response: AxiosResponse = {
    data: body,
    status,
    statusText: '',
    headers: AxiosHeaders.from(result.headers),
    config,
  };
  if (config.validateStatus && !config.validateStatus(status)) {
    const code = status >= 400 && status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
    throw new AxiosError(`Request failed with status code ${status}`, code, config, undefined, response);
  }
  return response;
}

/** axios writes "no limit" as 0 or -1; here there always is one. */
function limit(value: number | undefined, fallback: number): number {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : fallback;
}

/** The body after axios's own transforms, which turn objects and forms into text. */
function bodyOf(config: InternalAxiosRequestConfig): string | Buffer {
  const data: unknown = config.data;
  if (data === undefined || data === null) return '';
  if (typeof data === 'string' || Buffer.isBuffer(data)) return data;
  throw new AxiosError('bodies are text, JSON or bytes', AxiosError.ERR_NOT_SUPPORT, config);
}

function headersOf(config: InternalAxiosRequestConfig): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.headers.toJSON(true))) {
    // The client frames the body itself.
    if (name.toLowerCase() !== 'content-length') headers[name] = String(value);
  }
  if (config.auth) {
    const { username, password } = config.auth;
    headers.Authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  return headers;
}
