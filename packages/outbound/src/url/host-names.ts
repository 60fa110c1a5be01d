/** Names of metadata services: refused even where private ranges are admitted. */
const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

/** Top-level and cluster names that never belong to the public name system (RFC 6761, 6762, 8375; Kubernetes). */
const INTERNAL_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'in-addr.arpa',
  'ip6.arpa',
  'svc',
  'default',
  'cluster.local',
  'onion',
  'invalid',
];

const LABELS = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Syntax of a host name as the URL parser hands it out: labels of 1 to 63 characters, 253 in all, no trailing dot. */
export function isHostName(hostname: string): boolean {
  return hostname.length <= 253 && LABELS.test(hostname);
}

/** True for the names of metadata services. */
export function isMetadataName(hostname: string): boolean {
  return METADATA_NAMES.has(hostname);
}

/** True for single labels and names that only mean something inside a machine, cluster or office. */
export function isInternalName(hostname: string): boolean {
  if (!hostname.includes('.')) return true;
  return INTERNAL_SUFFIXES.some((suffix) => hostname === suffix || hostname.endsWith(`.${suffix}`));
}
