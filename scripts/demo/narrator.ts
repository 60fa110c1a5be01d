const PLAIN = { bold: '', dim: '', green: '', red: '', off: '' };
const COLOURS = { bold: '\x1b[1m', dim: '\x1b[2m', green: '\x1b[32m', red: '\x1b[31m', off: '\x1b[0m' };

/** Tells the story, and remembers whether everything in it was as it should be. */
export interface Narrator {
  chapter(title: string): void;
  say(sentence: string): void;
  /** What went in or out, indented. */
  show(fact: string): void;
  /** A claim that was tested. One that does not hold makes the story end badly. */
  check(holds: boolean, claim: string): void;
  /** How many claims did not hold. */
  readonly failures: number;
}

/** Writes to this stream, in colours only where a person sees them (https://no-color.org). */
export function createNarrator(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Narrator {
  const ink = stream.isTTY && !env.NO_COLOR ? COLOURS : PLAIN;
  const write = (line: string): void => void stream.write(`${line}\n`);
  let chapters = 0;
  let failures = 0;
  return {
    chapter(title) {
      chapters += 1;
      write(`\n${ink.bold}${chapters}. ${title}${ink.off}`);
    },
    say: (sentence) => write(`   ${sentence}`),
    show: (fact) => write(`     ${ink.dim}${fact}${ink.off}`),
    check(holds, claim) {
      if (!holds) failures += 1;
      write(holds ? `   ${ink.green}ok${ink.off} ${claim}` : `   ${ink.red}NOT SO:${ink.off} ${claim}`);
    },
    get failures() {
      return failures;
    },
  };
}
