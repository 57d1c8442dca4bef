import { readFileSync } from 'node:fs';

// USER_HZ is 100 on every Linux that Node runs on.
const MS_PER_TICK = 10;

/**
 * Resident memory of a process.
 * @param {number} pid
 * @returns {number} bytes; NaN where there is no /proc
 */
export function residentBytes(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readProc(pid, 'status'))?.[1]) * 1024;
}

/**
 * Processor time a process has used so far, all threads together.
 * @param {number} pid
 * @returns {number} milliseconds; NaN where there is no /proc
 */
export function processorMs(pid) {
  // The command name, in parentheses, may hold spaces: fields are counted behind it (proc(5)).
  const fields = readProc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
