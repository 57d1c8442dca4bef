import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { codeOf } from '../../../errors/error-code.js';
import { isJsonObject, jsonValueIn } from '../../../wire/json/json-value.js';

/** How often an owner shows that it lives. */
export const LEASE_RENEWAL_MS = 10_000;

/** Who has not shown it for this long is taken for dead. */
export const LEASE_MS = 60_000;

/** The process that a folder of the spool belongs to. */
export interface Owner {
  /** The start of a kernel, or a host name where that is not to be had. */
  readonly machine: string;
  /**
   * The set of processes in which `pid` is unique. Two containers on one machine have two, and the
   * gateway is process 1 in each.
   */
  readonly pid_space: string;
  readonly pid: number;
}

/** What can be found out about an owner from here. */
export interface OwnerEvidence {
  /** Since it last showed that it lives; clocks of two machines may differ by some of it. */
  readonly leaseAgeMs: number;
  readonly hasProcess: (pid: number) => boolean;
}

/**
 * Whether what an owner left may be taken. Where it can be seen that its process is gone, it may be
 * at once, so that a restart finds what the run before left. Else its lease must have run out: it
 * may live on another machine, which shares nothing with this one but the disk.
 *
 * @param owner - null when it gave its folder up.
 */
export function isAbandoned(owner: Owner | null, self: Owner, evidence: OwnerEvidence): boolean {
  if (owner === null || evidence.leaseAgeMs > LEASE_MS) return true;
  const isNeighbour = owner.machine === self.machine && owner.pid_space === self.pid_space;
  return isNeighbour && owner.pid !== self.pid && !evidence.hasProcess(owner.pid);
}

/** This process. */
export function ownerHere(): Owner {
  return {
    machine: firstOf(
      () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      hostname(),
    ),
    pid_space: firstOf(() => readlinkSync('/proc/self/ns/pid'), 'all'),
    pid: process.pid,
  };
}

/** The owner a file tells of; null when it tells of none. */
export function parseOwner(text: string): Owner | null {
  const fields = jsonObject(text);
  const { machine, pid_space, pid } = fields;
  if (typeof machine !== 'string' || typeof pid_space !== 'string') return null;
  return typeof pid === 'number' ? { machine, pid_space, pid } : null;
}

/** Whether a process of this machine, as this process sees it, has the number. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return codeOf(error) === 'EPERM';
  }
}

/** A name for this run that no other has. */
export function newInstanceName(): string {
  return randomBytes(8).toString('hex');
}

function firstOf(read: () => string, otherwise: string): string {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function jsonObject(text: string): Record<string, unknown> {
  const value = jsonValueIn(text);
  return isJsonObject(value) ? value : {};
}
