// `node scripts/run.mjs COMMAND [args]`: the entry of every npm script. Plain JavaScript that any Node from
// 18 runs with nothing installed: it installs what is missing, once, and hands over to the pinned Node in node_modules, so that
// nobody needs another Node, a global tool or a set-up step of their own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.owngateway-installed');
const lock = join(root, '.local', 'installing.lock');
const node = join(modules, 'node', 'bin', 'node');

const commands = {
  start: ['scripts/start.ts'],
  demo: ['scripts/demo.ts'],
  smoke: ['scripts/smoke.ts'],
  bench: ['bench/main.ts'],
  faults: ['tests/faults/main.ts'],
  check: ['scripts/check.ts'],
  test: ['node_modules/jest/bin/jest.js'],
  reencrypt: ['services/subscriptions/src/reencrypt.ts'],
  'mongo-build': ['scripts/mongo-build.ts'],
  'connector-new': ['scripts/connector-new.ts'],
  docs: ['scripts/docs.ts'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', '.'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  typecheck: ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.json'],
  unused: ['node_modules/knip/bin/knip.js'],
};

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function lockHash() {
  return createHash('sha256')
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex');
}

async function installed(hash) {
  if (!existsSync(node)) return false;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === hash) return true;
  if (!(await installedByHand())) return false;
  await writeFile(stamp, hash);
  return true;
}

// Somebody may have run npm themselves. npm writes down what it installed when it has finished: when that is what the lock asks
// for (but for packages of other platforms), nothing needs to be removed and fetched again.
async function installedByHand() {
  const packages = async (file) => JSON.parse(await readFile(file, 'utf8')).packages;
  try {
    const asked = await packages(join(root, 'package-lock.json'));
    const present = await packages(join(modules, '.package-lock.json'));
    const same = ([path, { version }]) => asked[path]?.version === version;
    const there = ([path, { optional }]) => !path.includes('node_modules/') || optional || path in present;
    return Object.entries(present).every(same) && Object.entries(asked).every(there);
  } catch {
    return false;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// Two `npm ci` at once would remove each other's files. The lock names our process and npm's, which may outlive us when we are
// killed; it counts while either lives.
async function takeLock() {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holders = (await readFile(lock, 'utf8').catch(() => '')).split(' ').filter(Boolean).map(Number);
  const ageMs = await stat(lock).then(
    (it) => Date.now() - it.mtimeMs,
    () => 0,
  );
  if (holders.length > 0 ? !holders.some(alive) : ageMs > 2_000) await rm(lock, { force: true });
  return false;
}

async function install() {
  const hash = await lockHash();
  if (await installed(hash)) return;
  await mkdir(dirname(lock), { recursive: true });
  while (!(await takeLock())) {
    await pause(200);
    if (await installed(hash)) return;
  }
  try {
    if (await installed(hash)) return;
    const why = existsSync(modules) ? 'package-lock.json has changed' : 'this is the first start';
    process.stderr.write(`Installing the pinned packages with npm ci, because ${why} (about a minute) ...\n`);
    await npmCi();
    if (!existsSync(node)) {
      rmSync(lock, { force: true });
      fail(
        'npm ci did not put Node 24 into node_modules/node/bin: install scripts seem to be switched off (npm config get ignore-scripts); allow them, or run `npm rebuild node`.',
      );
    }
    await writeFile(stamp, hash);
  } finally {
    await rm(lock, { force: true });
  }
}

// npm tells its scripts where it is itself; started by hand, it is the one on PATH.
function npmCi() {
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  // What npm sets for the script that runs now must not reach the one that it starts.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command)/.test(name));
  const args = [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: Object.fromEntries(inherited),
      // Its report is of no use in front of the output of a command that may be read by a program.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (child.pid !== undefined) writeFileSync(lock, `${process.pid} ${child.pid}`);
    // npm takes its time over a SIGINT.
    running = { kill: () => child.kill('SIGTERM') };
    child.on('error', (error) => fail(`npm could not be started (${error.message}): install npm, it comes with Node.`));
    child.on('exit', (code, signal) => {
      running = undefined;
      if (code === 0) return resolve();
      rmSync(lock, { force: true });
      fail(`npm ci did not finish (${signal ?? `exit code ${code}`}); what it said is above.`);
    });
  });
}

// A shell that reads the end of our pipe when we are gone, however we went, and then asks the child to end.
function endWithUs(pid) {
  const script = `trap '' INT TERM HUP; read -r _; kill -TERM ${pid} 2>/dev/null`;
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.on('error', () => {});
  shell.unref();
  shell.stdin.unref?.();
  return shell;
}

// The parent of a process, where the system tells (Linux).
function parentOf(pid) {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]);
  } catch {
    return undefined;
  }
}

function hand(entry, args) {
  const path = [dirname(node), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(node, [...entry, ...args], { cwd: root, env: { ...process.env, PATH: path }, stdio: 'inherit' });
  running = child;
  const shell = endWithUs(child.pid);
  child.on('error', (error) => fail(`The pinned Node could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    shell.kill('SIGKILL');
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

// The process that works for us at the moment: npm, then the command itself.
let running;

function end(signal) {
  if (running === undefined) process.exit(128 + constants.signals[signal]);
  running.kill(signal);
}

// When npm is killed it cannot pass that on: we notice that our parent, or the shell's in between, is another one.
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const before = ancestors();
  setInterval(() => {
    if (ancestors() !== before) end('SIGTERM');
  }, 500).unref();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
endWithNpm();
const [command, ...args] = process.argv.slice(2);
const entry = commands[command];
// `npm start --fresh`, without the `--` before it: npm takes that for a setting of its own, and passes it on as one.
if (command === 'start' && process.env.npm_config_fresh === 'true' && !args.includes('--fresh')) args.push('--fresh');
if (entry === undefined) {
  fail(`Usage: node scripts/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
}
await install();
if (!existsSync(join(root, entry[0]))) fail(`${entry[0]} is not there: this copy of the repository is not complete.`);
hand(entry, args);
