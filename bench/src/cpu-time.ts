import { readFile } from 'node:fs/promises';

/** Of `/proc/<pid>/stat`, whose clock ticks a hundred times a second. */
const MS_PER_TICK = 10;

/** CPU time that a process has used, in ms; NaN where the system has no `/proc`. */
export const cpuTimeMs = async (pid: number): Promise<number> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name of the program, in brackets, may hold anything. Times of the process stand 12 and 13 places behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return NaN;
  }
};
