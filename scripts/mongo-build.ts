// `npm run mongo:build`: builds the faster of the two MongoDB-speaking servers for development, once, into the user's cache.
// From then on npm start, npm test and npm run bench prefer it to the Python one. A real mongod on PATH comes before both.
import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, SECANTUS_RUST_VERSION, secantusRustFolder } from '@owngateway/local-stack';

const folder = secantusRustFolder(process.env);
const binary = join(folder, 'bin', 'secantusd-rs');

async function build(): Promise<number> {
  if (
    await access(binary).then(
      () => true,
      () => false,
    )
  ) {
    process.stdout.write(`${binary} is already there.\n`);
    return 0;
  }
  const cargo = await findOnPath('cargo', process.env);
  if (cargo === null) {
    process.stderr.write('cargo is needed for this: install Rust (https://rustup.rs), a C compiler and cmake.\n');
    return 1;
  }
  process.stdout.write(`Building secantusd-rs ${SECANTUS_RUST_VERSION} into ${folder} (about four minutes) ...\n`);
  // It asks for a newer rustc than it needs.
  const args = [
    'install',
    'secantus-mdb',
    '--version',
    SECANTUS_RUST_VERSION,
    '--ignore-rust-version',
    '--root',
    folder,
  ];
  const child = spawn(cargo, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await build();
