/** A stage that did not succeed; what the person at the terminal must know. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  readonly stage: string;

  constructor(stage: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
  }
}

/** Runs stages one after the other and says how long each took. */
export interface Stages {
  /** @throws StageFailure */
  run<Result>(stage: string, work: () => Promise<Result>): Promise<Result>;
}

export function createStages(say: (line: string) => void): Stages {
  return {
    async run(stage, work) {
      const startedAt = performance.now();
      try {
        const result = await work();
        say(`ok    ${stage} (${Math.round(performance.now() - startedAt)} ms)`);
        return result;
      } catch (error) {
        throw new StageFailure(stage, error);
      }
    },
  };
}
