export {
  type Authority,
  type Certificate,
  createAuthority,
  issuerWith,
  selfSigned,
  type Validity,
} from './certificates.ts';
export { type NameAnswer, type NameServer, NXDOMAIN, SERVFAIL, startNameServer } from './name-server.ts';
