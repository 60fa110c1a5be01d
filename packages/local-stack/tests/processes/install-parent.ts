// Installs into the folder given; the installation takes a while and counts itself.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installOnce } from '../../src/install/install-once.ts';

const folder = process.argv[2] ?? '';
const facts = await installOnce<{ by: number }>({
  folder,
  stillGood: async () => true,
  install: async (into) => {
    await appendFile(`${folder}.count`, 'x');
    await writeFile(join(into, 'first'), '1');
    await delay(300);
    await writeFile(join(into, 'second'), '2');
    return { by: process.pid };
  },
});
process.stdout.write(String(facts.by));
