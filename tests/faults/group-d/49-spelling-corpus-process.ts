// Row 49, inside the namespace: hosts and URLs in disguise, at registration, at connect time and through axios.
import { createAxios, createOutboundClient } from '@owngateway/outbound';
import { ALL_DISGUISED_HOSTS } from '../../../packages/outbound/tests/corpus/derived-spellings.ts';
import { DISGUISED_URLS } from '../../../packages/outbound/tests/corpus/spellings.ts';
import { type ClientInside, openClientInside, PRODUCTION } from './namespace/client-inside.ts';
import { listenEverywhere } from './namespace/everywhere.ts';
import { connectionsBegun, runInside } from './namespace/inside.ts';

export interface SpellingsFound {
  spellings: number;
  tries: number;
  notRefused: string[];
  connections: number;
  questions: number;
  /** A name in its usual spelling is asked for and reached: the refusals above mean something. */
  plainNameReached: boolean;
}

/** Where every name leads, so that a disguise that is taken for a name arrives somewhere and is counted. */
const PUBLIC = { a: ['93.184.216.34'] };

await runInside<null, SpellingsFound>(async (_input, onEnd) => {
  const everywhere = await listenEverywhere({ httpPorts: [80, 443, 8443] });
  onEnd(() => everywhere.close());
  const admittingHttp = await openClientInside(onEnd, () => PUBLIC);
  const strict = await openClientInside(onEnd, () => PUBLIC, { policy: { ...PRODUCTION, allowHttp: false } });
  const client = createOutboundClient({ policy: PRODUCTION, nameServers: [admittingHttp.names.address] });
  onEnd(() => client.close());
  const axios = createAxios(client);
  const sendByAxios = (url: string): Promise<string> =>
    axios.post(url, '{}').then(
      ({ status }) => String(status),
      () => 'refused',
    );

  const begunBefore = connectionsBegun();
  const notRefused: string[] = [];
  let tries = 0;
  function judge(way: string, url: string, word: string): void {
    tries += 1;
    const accepted = word === 'accepted' || /^\d+$/.test(word);
    if (accepted) notRefused.push(`${way} ${JSON.stringify(url)}: ${word}`);
  }
  async function tryOn({ send, register }: ClientInside, url: string): Promise<void> {
    judge('registering', url, await register(url));
    const word = await send(url);
    // Anything else would mean that somebody was asked or dialled.
    judge('sending to', url, word === 'blocked_address' ? word : '200');
  }
  for (const host of ALL_DISGUISED_HOSTS) {
    await tryOn(admittingHttp, `http://${host}/`);
    await tryOn(strict, `HTTPS://${host}:8443/orders?id=1`);
    judge('axios to', host, await sendByAxios(`http://${host}/`));
  }
  for (const url of DISGUISED_URLS) await tryOn(strict, url);
  const connections = connectionsBegun() - begunBefore + everywhere.connections.length;
  const questions = admittingHttp.names.questions.length + strict.names.questions.length;
  return {
    spellings: ALL_DISGUISED_HOSTS.length + DISGUISED_URLS.length,
    tries,
    notRefused,
    connections,
    questions,
    plainNameReached: (await admittingHttp.send('http://shop.example/')) === '200',
  };
});
