// The rows' name system. A gateway is told of it by the setting DNS_SERVERS.
export { type NameAnswer, type NameServer, NXDOMAIN, SERVFAIL, startNameServer } from '@owngateway/outbound/testing';
