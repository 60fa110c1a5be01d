// Starts both stores, says so and waits to be killed.
import { startStores } from '@owngateway/local-stack';

const { mongo, redis } = await startStores({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify([mongo.pid, redis.pid])}\n`);
setInterval(() => {}, 1_000);
