import type { Environment } from '../settings/setting.ts';

/** The process around a service, so that tests can stand in for it. */
export interface Host {
  env: Environment;
  /** Ends the process. */
  exit(code: number): void;
  onSignal(handler: (signal: string) => void): void;
  /** An uncaught exception or an unhandled rejection. */
  onFault(handler: (fault: unknown) => void): void;
  writeError(text: string): void;
}

/** The real process. */
export function processHost(): Host {
  return {
    env: process.env,
    exit: (code) => process.exit(code),
    onSignal(handler) {
      process.on('SIGTERM', handler);
      process.on('SIGINT', handler);
    },
    onFault(handler) {
      process.on('uncaughtException', handler);
      process.on('unhandledRejection', handler);
    },
    writeError: (text) => process.stderr.write(text),
  };
}
