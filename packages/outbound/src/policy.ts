/**
 * Where requests may go. It is made once from the settings of a service (`ENVIRONMENT`, `ALLOW_HTTP`,
 * `ALLOWED_PRIVATE_RANGES`) and handed to every check, so that registration and delivery agree.
 */
export interface OutboundPolicy {
  /** `production` never reaches an address that is not public, whatever else is set. */
  environment: 'sandbox' | 'production';
  /** Admits `http://` in production (document 000 needs it). In sandbox `http://` is always admitted. */
  allowHttp: boolean;
  /** CIDR blocks that an operator admits, such as `127.0.0.0/8`. Only honoured in sandbox; never admits metadata. */
  allowedPrivateRanges: readonly string[];
  /** Admits every port but 0. Only honoured in sandbox. */
  anyPort?: boolean;
  /** Ports beside 443 and 8443 (and 80 where `http://` is admitted). */
  extraPorts?: readonly number[];
}

/** The settings of a service that decide where requests may go, as it read them. */
interface OutboundSettings {
  ENVIRONMENT: 'sandbox' | 'production';
  ALLOW_HTTP: boolean;
  ALLOWED_PRIVATE_RANGES?: readonly string[] | undefined;
  ALLOWED_PORTS?: readonly number[] | undefined;
}

/** The policy that a service's settings stand for. A sandbox admits every port, because test receivers are anywhere. */
export function policyOf(settings: OutboundSettings): OutboundPolicy {
  return {
    environment: settings.ENVIRONMENT,
    allowHttp: settings.ALLOW_HTTP,
    allowedPrivateRanges: settings.ALLOWED_PRIVATE_RANGES ?? [],
    anyPort: settings.ENVIRONMENT === 'sandbox',
    extraPorts: settings.ALLOWED_PORTS ?? [],
  };
}

/** True where `http://` URLs are admitted. */
export function admitsHttp(policy: OutboundPolicy): boolean {
  return policy.allowHttp || policy.environment === 'sandbox';
}

/** True for the ports that a URL may name; 0 is never admitted. */
export function admitsPort(policy: OutboundPolicy, port: number): boolean {
  if (port === 0) return false;
  if (policy.environment === 'sandbox' && policy.anyPort === true) return true;
  if (port === 443 || port === 8443) return true;
  if (port === 80) return admitsHttp(policy);
  return policy.extraPorts?.includes(port) ?? false;
}

/** True where an operator has admitted private ranges and the environment honours that. */
export function admitsPrivateRanges(policy: OutboundPolicy): boolean {
  return policy.environment === 'sandbox' && policy.allowedPrivateRanges.length > 0;
}
