import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:process';

/** What Linux knows of another process of ours. */

/** Why these figures cannot be taken here; null when they can. */
export function noProcessFigures(): string | null {
  return platform === 'linux' ? null : 'the figures of a process are read from /proc, which only Linux has';
}

/** Memory in use, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  return await statusBytes(pid, 'VmRSS');
}

/** The most memory in use since `forgetPeak`, in bytes. */
export async function peakBytes(pid: number): Promise<number> {
  return await statusBytes(pid, 'VmHWM');
}

export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** Processor time that it has used so far, in seconds. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold spaces; the times come 12th and 13th behind it, in hundredths on every Linux of today.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Everything that it has read so far, from sockets too. */
export async function bytesRead(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8');
  return Number(/^rchar: (\d+)$/m.exec(text)?.[1]);
}

export async function openSockets(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  // One that was closed in between is none.
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return links.filter((link) => link.startsWith('socket:')).length;
}

async function statusBytes(pid: number, name: string): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024;
}
