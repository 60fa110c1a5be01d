// A service in miniature: ready after a moment, tells its process id and its settings, dies when asked to.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(3);
  if (request.url === '/env') response.end(JSON.stringify(process.env));
  else response.writeHead(request.url === '/busy' ? 503 : 200).end(String(process.pid));
});
process.on('SIGTERM', () => {
  if (process.env.STUBBORN) return;
  console.log('stopping in good order');
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
if (process.env.BROKEN) throw new Error('the settings are wrong');
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
