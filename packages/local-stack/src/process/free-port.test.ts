import { createServer } from 'node:net';
import { claimPort, freePort } from './free-port.ts';

test('0 takes any free port, a free one that was asked for is kept', async () => {
  const port = await freePort();
  expect(port).toBeGreaterThan(0);
  expect(await claimPort(port, 'API_PORT')).toBe(port);
});

test('a taken port is named together with the setting that changes it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(claimPort(port, 'API_PORT')).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringMatching(new RegExp(`^Port ${port} is taken: .*API_PORT=`)),
  });
  await new Promise((resolve) => server.close(resolve));
});
