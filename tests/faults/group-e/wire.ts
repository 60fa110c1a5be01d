import { connect, type Socket } from 'node:net';

/** A bare connection to ingress: what is written goes out byte for byte, and what comes back is kept. */
export interface Wire {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** The final answers so far, in their order. */
  answers(): Answer[];
  /** Resolves with all answers when the other side has closed, or at the deadline. */
  untilClosed(deadlineMs?: number): Promise<Ended>;
  /** Resolves when so many answers have come, or the connection has ended. */
  untilAnswers(count: number, deadlineMs?: number): Promise<Answer[]>;
}

export interface Answer {
  status: number;
  /** The head as it came, without its first line. */
  head: string;
  body: string;
}

export interface Ended {
  answers: Answer[];
  /** False when it had to be ended from here. */
  closed: boolean;
}

const DEADLINE_MS = 10_000;

/** Connects to the host and port of a URL. */
export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const parts: string[] = [];
  let changed = () => undefined as unknown;
  let closed = false;
  socket.setNoDelay(true).setEncoding('latin1');
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  // A reset is one of the ways in which the other side may end it.
  socket.on('error', () => undefined);
  socket.on('data', (part: string) => {
    parts.push(part);
    changed();
  });
  socket.on('close', () => {
    closed = true;
    changed();
  });
  const answers = () => answersIn(parts.join(''));

  function until(done: () => boolean, deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      changed = () => {
        if (!done()) return;
        clearTimeout(timer);
        resolve();
      };
      changed();
    });
  }

  return {
    socket,
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    answers,
    async untilClosed(deadlineMs = DEADLINE_MS) {
      await until(() => closed, deadlineMs);
      const ended = { answers: answers(), closed };
      socket.destroy();
      return ended;
    },
    async untilAnswers(count, deadlineMs = DEADLINE_MS) {
      await until(() => closed || answers().length >= count, deadlineMs);
      return answers();
    },
  };
}

/** Whole answers in what came back; interim ones (100) are passed over. */
function answersIn(text: string): Answer[] {
  const found: Answer[] = [];
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n\r\n', at);
    const [first = '', ...lines] = end < 0 ? [] : text.slice(at, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
    if (Number.isNaN(status)) return found;
    const head = lines.join('\r\n');
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    at = end + 4 + length;
    if (at > text.length) return found;
    if (status >= 200) found.push({ status, head, body: text.slice(end + 4, at) });
  }
}
