// Loaded into every service by NODE_OPTIONS (see profiling-options.ts). In the one that is asked for it does what `--cpu-prof` does,
// which can't be given to one of several processes that share their NODE_OPTIONS.
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { PROFILES } from './profiling-options.ts';

const service = new URL(import.meta.url).searchParams.get('service') ?? '';
/** Microseconds between samples; V8's default of 1,000 is coarse for a run of some seconds. */
const INTERVAL_US = 500;

if (process.argv[1]?.includes(join('services', service, 'src'))) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  session.post('Profiler.start');
  process.on('exit', () => {
    // A session on its own thread answers before `post` returns.
    session.post('Profiler.stop', (fault, { profile }) => {
      if (fault !== null) return;
      mkdirSync(PROFILES, { recursive: true });
      writeFileSync(join(PROFILES, `${service}-${process.pid}.cpuprofile`), JSON.stringify(profile));
    });
  });
}
