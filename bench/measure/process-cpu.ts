import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Process ids by the name that the figures are printed under; `null` for one that is down. */
export type Pids = Readonly<Record<string, number | null>>;

/** CPU seconds that each process has used since it began, by process name. */
export type CpuReading = Readonly<Record<string, number>>;

let ticks: number | undefined;

/** How the kernel counts time in /proc (proc_pid_stat(5)): clock ticks, usually 100 a second. */
function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).trim());
  return ticks;
}

/**
 * User and system time of all threads of a process, and of the children that it has waited for (Redis rewrites its
 * append-only file in one). `null` when the process is gone.
 */
function cpuSecondsOf(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in parentheses and may hold anything; field 3 follows the last ")".
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime are fields 14 to 17.
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond();
}

/** What every process has used by now. Processes that are down are left out. */
export function readCpu(pids: Pids): CpuReading {
  const reading: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const seconds = pid === null ? null : cpuSecondsOf(pid);
    if (seconds !== null) reading[name] = seconds;
  }
  return reading;
}

/** Resident memory of every process in MiB, now. */
export function readMemory(pids: Pids): Record<string, number> {
  const reading: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const status = pid === null ? null : read(`/proc/${pid}/status`);
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1];
    if (kib !== undefined) reading[name] = Math.round(Number(kib) / 1024);
  }
  return reading;
}

/**
 * CPU seconds of all processes of this machine, those that have ended and were waited for included. (/proc/stat has the sum too,
 * but sampled at the timer's tick, which misses processes that run for less than that: measured, more than half.)
 */
export function readMachineCpu(): number {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.reduce((sum, pid) => sum + (cpuSecondsOf(pid) ?? 0), 0);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
