import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalStackError } from '../errors.ts';
import { type LineSink, splitLines } from './split-lines.ts';
import { guard, release } from './watchdog.ts';

/** What to run and how to know that it works. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether the process does its work now. May throw, which counts as no. */
  readonly ready: () => Promise<boolean>;
  /** How long it may take until `ready` says yes. */
  readonly readyTimeoutMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number;
  /** Start it again, with growing pauses, when it ends without having been asked to. */
  readonly restart: boolean;
  readonly log?: LineSink;
  /** Called when it is ready again after a restart, with its new process id. */
  readonly onRestart?: (pid: number) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const STEADY_AFTER_MS = 30_000;
const READY_POLL_MS = 20;
const LINES_KEPT = 15;

/** One child process that is started, watched, stopped and, if so wanted, started again when it dies. */
export class ManagedProcess {
  readonly #spec: ProcessSpec;
  readonly #lastLines: string[] = [];
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  /** What its keeper wants: a process that ends while `up` has died. */
  #wanted: 'up' | 'down' = 'down';
  #pauseMs = FIRST_PAUSE_MS;
  #revival: AbortController | undefined;

  constructor(spec: ProcessSpec) {
    this.#spec = spec;
  }

  /** The process id while it runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** The last lines that it wrote, oldest first. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Starts it and waits until it is ready. Throws `start_failed` with the last lines that it wrote. */
  async start(): Promise<void> {
    this.#wanted = 'up';
    try {
      await this.#launch();
    } catch (error) {
      this.#wanted = 'down';
      await this.#end('SIGKILL');
      throw error;
    }
  }

  /** Sends a signal and leaves it at that: a process to be restarted comes back, as it would in a cluster. */
  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** SIGTERM, then SIGKILL when it does not end in time; it stays down until `start`. */
  async stop(): Promise<void> {
    this.#stayDown();
    await this.#end('SIGTERM');
  }

  /** SIGKILL; it stays down until `start`. */
  async kill9(): Promise<void> {
    this.#stayDown();
    await this.#end('SIGKILL');
  }

  #stayDown(): void {
    this.#wanted = 'down';
    this.#revival?.abort();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return this.#gone;
    child.kill(signal);
    const patience = new AbortController();
    const forced = delay(this.#spec.stopTimeoutMs, undefined, { signal: patience.signal, ref: false }).then(
      () => child.kill('SIGKILL'),
      () => false,
    );
    await this.#gone;
    patience.abort();
    await forced;
  }

  async #launch(): Promise<void> {
    const { name, command, args, env, cwd } = this.#spec;
    this.#lastLines.length = 0;
    // In a process group of its own: a Ctrl-C at the terminal is for us, who stop things in the right order.
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    const startedAt = Date.now();
    let failure: unknown;
    this.#gone = new Promise((resolve) => {
      const done = (): void => {
        if (child.pid !== undefined) release(child.pid);
        if (this.#child === child) this.#child = undefined;
        resolve();
      };
      child.once('exit', done);
      child.once('error', (error) => {
        failure = error;
        if (child.pid === undefined) done();
      });
    });
    if (child.pid !== undefined) guard(child.pid);
    for (const stream of [child.stdout, child.stderr]) splitLines(stream, (line) => this.#keep(line));
    await this.#untilReady(child, () => failure);
    child.once('exit', (code, signal) => this.#died(code, signal, Date.now() - startedAt));
    // It may have ended between the last look and the line above.
    if (this.#child !== child) throw new LocalStackError('start_failed', `${name} ended right after it had started.`);
  }

  async #untilReady(child: ChildProcess, failure: () => unknown): Promise<void> {
    const { name, ready, readyTimeoutMs } = this.#spec;
    const deadline = Date.now() + readyTimeoutMs;
    while (this.#child === child && Date.now() < deadline) {
      if (await ready().catch(() => false)) {
        if (this.#child === child) return;
        break;
      }
      await delay(READY_POLL_MS);
    }
    const what = this.#child === child ? `was not ready after ${readyTimeoutMs / 1000} s` : `ended before it was ready`;
    throw new LocalStackError('start_failed', [`${name} ${what}.`, ...this.#lastLines].join('\n  '), {
      cause: failure(),
    });
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > LINES_KEPT) this.#lastLines.shift();
    this.#spec.log?.(line);
  }

  #died(code: number | null, signal: NodeJS.Signals | null, livedMs: number): void {
    if (this.#wanted === 'down' || !this.#spec.restart) return;
    if (livedMs > STEADY_AFTER_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#keep(`${this.#spec.name} ended (${signal ?? `exit code ${code}`}); it is started again`);
    this.#revival = new AbortController();
    void this.#revive(this.#revival.signal);
  }

  async #revive(given: AbortSignal): Promise<void> {
    while (this.#wanted === 'up' && !given.aborted) {
      const pauseMs = this.#pauseMs;
      this.#pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await delay(pauseMs, undefined, { signal: given, ref: false }).catch(() => {});
      if (given.aborted) return;
      try {
        await this.#launch();
        if (this.pid !== null) this.#spec.onRestart?.(this.pid);
        return;
      } catch (error) {
        // Whoever told it to stay down has ended it, and may have started it anew.
        if (given.aborted) return;
        this.#keep(error instanceof Error ? error.message : String(error));
        await this.#end('SIGKILL');
      }
    }
  }
}
