import { askServer } from './ask-server.ts';
import type { Protocol } from './owned-server.ts';

/** The database that the product uses unless a connection string says otherwise. */
export const DEFAULT_DATABASE = 'owngateway';

/**
 * `{hello: 1, $db: "admin"}` as an OP_MSG of the MongoDB wire protocol, written out: a driver for one question would be the only
 * dependency of this package. https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
function helloRequest(): Buffer {
  const body = Buffer.concat([
    Buffer.from([0x10]),
    Buffer.from('hello\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from([0x02]),
    Buffer.from('$db\0'),
    Buffer.from([6, 0, 0, 0]),
    Buffer.from('admin\0'),
    Buffer.from([0]),
  ]);
  const document = Buffer.alloc(4 + body.length);
  document.writeInt32LE(document.length, 0);
  body.copy(document, 4);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, document]);
}

/** Whether the whole answer is there and says that writes are taken. */
function takesWrites(answer: Buffer): boolean {
  if (answer.length < 4 || answer.length < answer.readInt32LE(0)) return false;
  // BSON boolean `isWritablePrimary`: true.
  return answer.includes(Buffer.from('\x08isWritablePrimary\0\x01', 'latin1'));
}

/** The MongoDB wire protocol on 127.0.0.1. One node, so drivers must not go looking for others: `directConnection`. */
export const mongoProtocol: Protocol = {
  name: 'MongoDB',
  url: (port) => `mongodb://127.0.0.1:${port}/${DEFAULT_DATABASE}?directConnection=true`,
  probe: (port) => askServer(port, helloRequest(), takesWrites),
};

/** The same server, another database: replaces the database's name in a connection string and keeps everything else. */
export function withDatabase(url: string, database: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url);
  if (parts === null) throw new TypeError('not a MongoDB connection string');
  return `${parts[1]}/${database}${parts[2] ?? ''}`;
}

/** The connection string with the default database where it names none. */
export function withDefaultDatabase(url: string): string {
  return /^mongodb(?:\+srv)?:\/\/[^/?]+\/[^?]+/.test(url) ? url : withDatabase(url, DEFAULT_DATABASE);
}
