/** How one subscription's connections are to be made, PEM throughout; at least one of the two parts is there. */
export interface TlsSettings {
  /** Certificates that the host's chain must end at, instead of the public authorities. */
  ca: string | null;
  /** The client's certificate, and after it what leads to its authority. */
  client_certificate: string | null;
  /** Its private key, not encrypted. */
  client_key: string | null;
}
