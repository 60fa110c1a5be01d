import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * A shell that outlives us for a moment. It holds the reading end of a pipe whose only writer is this process, so however
 * this process ends (kill -9 too) the shell reads the end of the file, and then ends every child still on its list: SIGTERM,
 * and SIGKILL four seconds later. Signals of the terminal are not for it.
 */
const script = `
trap '' INT TERM HUP
list=' '
while read -r sign pid; do
  case "$sign" in
    +) list="$list$pid " ;;
    -) list=$(printf '%s' "$list" | sed "s/ $pid / /") ;;
  esac
done
for pid in $list; do kill -TERM "$pid" 2>/dev/null; done
i=0
while [ "$i" -lt 40 ]; do
  left=
  for pid in $list; do kill -0 "$pid" 2>/dev/null && left=1; done
  [ -z "$left" ] && exit 0
  sleep 0.1
  i=$((i + 1))
done
for pid in $list; do kill -KILL "$pid" 2>/dev/null; done
exit 0
`;

let shell: ChildProcess | undefined;
const guarded = new Set<number>();

function pipe(): Writable | null {
  if (shell === undefined) {
    shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    shell.on('error', () => {});
    shell.stdin?.on('error', () => {});
    shell.unref();
    const socket = shell.stdin;
    if (socket !== null && 'unref' in socket && typeof socket.unref === 'function') socket.unref();
  }
  return shell.stdin;
}

/** From now on the process `pid` ends when this process does, however it ends. */
export function guard(pid: number): void {
  guarded.add(pid);
  pipe()?.write(`+ ${pid}\n`);
}

/** The process `pid` has ended: its number may soon belong to somebody else and must not be signalled. */
export function release(pid: number): void {
  if (!guarded.delete(pid)) return;
  pipe()?.write(`- ${pid}\n`);
  if (guarded.size > 0) return;
  // Nobody left to guard: let the shell go, so that a finished test run leaves not even that behind.
  shell?.stdin?.end();
  shell = undefined;
}
