// Row 54, inside the namespace: what a production gateway's API makes of schemes and ports.
import { ApiError } from '../../parties/api.ts';
import { openGatewayInside } from './namespace/gateway-inside.ts';
import { runInside } from './namespace/inside.ts';

export interface PortsFound {
  tries: number;
  /** Registrations and changes that were accepted, or refused for another reason than scheme or port. */
  surprises: string[];
  /** Well-formed URLs that were refused. */
  falselyRefused: string[];
  questions: number;
  connections: number;
}

const SCHEMES = [
  ...['http', 'file', 'gopher', 'ftp', 'ftps', 'sftp', 'tftp', 'ws', 'wss', 'ldap', 'ldaps', 'dict', 'smb', 'ssh'],
  ...['telnet', 'imap', 'smtp', 'redis', 'rediss', 'mongodb', 'mongodb+srv', 'amqp', 'jar', 'netdoc', 'view-source'],
  ...['http+unix', 'https+unix', 'httpss', 'xhttps'],
];
const SCHEMES_WITHOUT_HOST = ['file:///etc/passwd', 'data:text/plain,x', 'javascript:0', 'mailto:a@shop.example'];

/** Services that listen for somebody else: what a scan through us would look for. */
const PORTS = [
  ...[0, 1, 7, 19, 21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 389, 445, 465, 514, 587, 636, 873, 993, 995, 1080],
  ...[1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3000, 3128, 3306, 3389, 4444, 5000, 5432, 5601, 5672, 5900, 5984],
  ...[6379, 6380, 6443, 7001, 8000, 8008, 8080, 8081, 8082, 8086, 8088, 8500, 8888, 9000, 9042, 9090, 9092, 9200, 9300],
  ...[10250, 10255, 11211, 15672, 16379, 27017, 27018, 50070, 61616, 65535],
];

const ACCEPTED = ['https://shop.example/', 'https://shop.example:443/orders', 'https://shop.example:8443/?a=b'];

await runInside<null, PortsFound>(async (_input, onEnd) => {
  const { merchant, names, everywhere } = await openGatewayInside(onEnd, { merchantId: 'm_ports' });
  const register = (url: string) => codeOf(merchant.api.post('/v1/subscriptions', { url, event_types: ['*'] }));
  const { id } = await merchant.api.post<{ id: string }>('/v1/subscriptions', {
    url: 'https://shop.example/',
    event_types: ['*'],
  });
  const change = (url: string) => codeOf(merchant.api.patch(`/v1/subscriptions/${id}`, { url }));

  const questionsBefore = names.questions.length;
  const surprises: string[] = [];
  let tries = 0;
  async function expectRefusal(url: string, expected: string): Promise<void> {
    for (const code of [await register(url), await change(url)]) {
      tries += 1;
      if (code !== `422 ${expected}`) surprises.push(`${url}: ${code}`);
    }
  }
  for (const scheme of SCHEMES) await expectRefusal(`${scheme}://shop.example/`, 'scheme_not_allowed');
  for (const url of SCHEMES_WITHOUT_HOST) await expectRefusal(url, 'scheme_not_allowed');
  for (const port of PORTS) await expectRefusal(`https://shop.example:${port}/`, 'port_not_allowed');
  const questions = names.questions.length - questionsBefore;

  const falselyRefused: string[] = [];
  for (const url of ACCEPTED) {
    const codes = [await register(url), await change(url)];
    if (codes.some((code) => code !== 'accepted')) falselyRefused.push(`${url}: ${codes.join(', ')}`);
  }
  return { tries, surprises, falselyRefused, questions, connections: everywhere.connections.length };
});

/** `accepted`, or the status and the code of the first fault. */
async function codeOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${/"code":"(\w+)"/.exec(error.message)?.[1] ?? ''}`;
  }
}
