import { testDatabaseUrl, testQueuePrefix, testRedisUrl, testStores } from './borrow-stores.ts';

describe('stores lent to tests', () => {
  test('every worker is lent the same servers and a database of its own', async () => {
    const { mongo_url } = await testStores();
    const [one, other] = await Promise.all([testDatabaseUrl(), testDatabaseUrl()]);
    const port = new URL(mongo_url).port;
    expect(one).toMatch(new RegExp(`^mongodb://127\\.0\\.0\\.1:${port}/test_\\w+\\?directConnection=true$`));
    expect(other).not.toBe(one);
  });

  test('Redis is shared, so each asks for a prefix of its own', async () => {
    expect(await testRedisUrl()).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(testQueuePrefix()).toMatch(/^test_\w{1,50}$/);
    expect(testQueuePrefix()).not.toBe(testQueuePrefix());
  });
});
