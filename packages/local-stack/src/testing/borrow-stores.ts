import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import { LocalStackError } from '../errors.ts';
import { withDatabase } from '../stores/mongo-protocol.ts';
import { LENDER_VARIABLE, type LentStores } from './lend-stores.ts';

function ask(url: string): Promise<LentStores> {
  return new Promise((resolve, reject) => {
    // node:http rather than fetch: no pool that keeps a connection, and with it a test process, alive.
    get(url, { agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body) as LentStores);
        else reject(new LocalStackError('start_failed', body));
      });
    }).on('error', reject);
  });
}

let lent: Promise<LentStores> | undefined;

/** The MongoDB and Redis of this test run, started when the first test asks. Throws with the reason when there are none. */
export function testStores(): Promise<LentStores> {
  const url = process.env[LENDER_VARIABLE];
  if (url === undefined) {
    throw new LocalStackError('no_server', 'No test stores: run the tests with `npm test`, which lends them.');
  }
  lent ??= ask(url);
  return lent;
}

/** Unique per call, and readable: the jest worker, then chance. */
function uniqueName(): string {
  return `test_${process.env.JEST_WORKER_ID ?? '0'}_${randomBytes(5).toString('hex')}`;
}

/** A connection string with a database name that nobody else uses; the data goes away with the test run. */
export async function testDatabaseUrl(): Promise<string> {
  return withDatabase((await testStores()).mongo_url, uniqueName());
}

/** The connection string of the Redis of this test run, shared by all: keep to a `testQueuePrefix`. */
export async function testRedisUrl(): Promise<string> {
  return (await testStores()).redis_url;
}

/** A prefix for queue names that nobody else uses; fit for QUEUE_PREFIX. */
export function testQueuePrefix(): string {
  return uniqueName();
}
