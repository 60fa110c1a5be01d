/** One question to an instrument's process. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

/** Its answer. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly fault?: string;
}

/** What an instrument's process can be asked, by method name. Values cross by structured clone. */
export type Methods = Readonly<Record<string, (argument: never) => unknown>>;

/** In the instrument's process: answers calls until the bench goes away. */
export function answerCalls(methods: Methods): void {
  process.on('message', (call: Call) => {
    void answer(methods, call).then((it) => process.send?.(it));
  });
  // The bench is gone, however it went: so are we.
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the bench ends us when it has stopped what it started.
  process.on('SIGINT', () => {});
}

async function answer(methods: Methods, { id, method, argument }: Call): Promise<Answer> {
  try {
    const called = methods[method];
    if (called === undefined) throw new TypeError(`no method ${method}`);
    return { id, value: await called(argument as never) };
  } catch (error) {
    return { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
