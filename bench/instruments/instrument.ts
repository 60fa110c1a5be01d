import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Call, Methods } from './calls.ts';

/** An instrument that runs as a process of its own, so that its work neither delays the bench nor counts as the product's. */
export interface Instrument<M extends Methods> {
  readonly pid: number;
  call<K extends keyof M & string>(method: K, argument: Parameters<M[K]>[0]): Promise<Awaited<ReturnType<M[K]>>>;
  /** Ends the process. */
  stop(): Promise<void>;
}

/** Starts an instrument: a file beside `base` that calls `answerCalls` with methods of type `M`. */
export async function startInstrument<M extends Methods>(base: string, file: string): Promise<Instrument<M>> {
  const path = fileURLToPath(new URL(file, base));
  const child = fork(path, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'spawn');
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (fault: Error) => void }>();
  let calls = 0;
  child.on('message', (message) => {
    const { id, value, fault } = message as Answer;
    const caller = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) caller?.resolve(value as never);
    else caller?.reject(new Error(`${file}: ${fault}`));
  });
  child.on('exit', (code, signal) => {
    for (const caller of waiting.values()) caller.reject(new Error(`${file} ended (${signal ?? code})`));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    call: (method, argument) =>
      new Promise((resolve, reject) => {
        calls += 1;
        waiting.set(calls, { resolve, reject });
        child.send({ id: calls, method, argument } satisfies Call);
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
