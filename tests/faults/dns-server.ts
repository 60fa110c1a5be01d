// The rows' name system. A gateway is told of it by the setting DNS_SERVERS.
export { type NameAnswer, type NameServer, startNameServer } from '@owngateway/outbound/testing';
