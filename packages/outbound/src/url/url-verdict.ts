/** Why a URL is refused: stable codes for the `errors[].code` of a 422 (document api, subscriptions). */
export type UrlRefusal =
  | 'invalid_url'
  | 'url_too_long'
  | 'scheme_not_allowed'
  | 'credentials_not_allowed'
  | 'fragment_not_allowed'
  | 'port_not_allowed'
  | 'host_not_allowed'
  | 'address_not_allowed'
  | 'host_not_resolvable';

/** `message` may be shown to whoever gave the URL: it never names a resolved address. */
export type UrlVerdict = { ok: true; url: URL } | { ok: false; code: UrlRefusal; message: string };

const MESSAGES: Record<UrlRefusal, string> = {
  invalid_url: 'must be an absolute URL with a valid host name',
  url_too_long: 'must have at most 2048 characters',
  scheme_not_allowed: 'must use https',
  credentials_not_allowed: 'must not contain a user name or password; use the authentication settings',
  fragment_not_allowed: 'must not contain a fragment (#)',
  port_not_allowed: 'uses a port that is not allowed',
  host_not_allowed: 'must name a public host',
  address_not_allowed: 'must point to a public address',
  host_not_resolvable: 'has a host name that could not be resolved',
};

type Refusal = Extract<UrlVerdict, { ok: false }>;

/** The verdict for a refusal, with its one fixed text. */
export function refused(code: UrlRefusal): Refusal {
  return { ok: false, code, message: MESSAGES[code] };
}

/** The verdict for a scheme, which names what would be admitted here. */
export function refusedScheme({ http }: { http: boolean }): Refusal {
  const code = 'scheme_not_allowed';
  return { ok: false, code, message: http ? 'must use http or https' : MESSAGES[code] };
}
