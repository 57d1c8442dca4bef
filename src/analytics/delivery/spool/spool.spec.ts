import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEASE_MS, type Owner } from './owner.js';
import { SpoolBudget } from './spool-budget.js';
import { DISK, type SpoolFiles } from './spool-files.js';
import { Spool } from './spool.js';

/** Of a machine that this one cannot look into, as two pods that share a volume. */
const HERE: Owner = { machine: 'one', pid_space: 'a', pid: 1 };
const THERE: Owner = { machine: 'two', pid_space: 'b', pid: 1 };

/** Beyond the largest that Linux gives out. */
const UNUSED_PID = 2 ** 22 + 1;

describe('Spool', () => {
  let folder: string;
  let budget: SpoolBudget;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-spool-'));
    budget = new SpoolBudget(10_000_000);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('makes no file before there is something to keep', async () => {
    const spool = spoolOf('a');
    await spool.adopt();
    await spool.renew();
    await spool.leave();
    expect(await readdir(folder)).toEqual([]);
  });

  it('adds to one file and gives it back', async () => {
    const spool = spoolOf('a');
    await spool.append(Buffer.from('{"record_id":"1"}\n'), 10);
    await spool.append(Buffer.from('{"record_id":"2"}\n'), 20);
    expect(spool.oldestMs).toBe(10);
    expect(spool.bytes).toBe(36);
    expect(await drained(spool)).toEqual(['{"record_id":"1"}\n{"record_id":"2"}\n']);
    expect(spool.isEmpty).toBe(true);
    expect(budget.usedBytes).toBe(0);
  });

  it('begins another file before one exceeds 4 MiB', async () => {
    const spool = spoolOf('a');
    const line = `${'x'.repeat(1_500_000)}\n`;
    for (let count = 0; count < 3; count++) await spool.append(Buffer.from(line), count);
    expect((await drained(spool)).map((text) => text.length)).toEqual([3_000_002, 1_500_001]);
  });

  it('adds nothing to a file that is being read', async () => {
    const spool = spoolOf('a');
    await spool.append(Buffer.from('1\n'), 1);
    const first = spool.first();
    await spool.append(Buffer.from('2\n'), 2);
    expect(first === null ? null : String(await spool.read(first))).toBe('1\n');
    expect(await drained(spool)).toEqual(['1\n', '2\n']);
  });

  it('refuses what exceeds the bound, and takes more when there is room again', async () => {
    budget = new SpoolBudget(4);
    const spool = spoolOf('a');
    expect((await spool.append(Buffer.from('123\n'), 1)).kind).toBe('kept');
    expect((await spoolOf('b').append(Buffer.from('4\n'), 2)).kind).toBe('full');
    await drained(spool);
    expect((await spool.append(Buffer.from('5\n'), 3)).kind).toBe('kept');
  });

  it('takes over what a dead process left, oldest first', async () => {
    await spoolOf('dead').append(Buffer.from('old\n'), 1);
    const dead = { ...HERE, pid: UNUSED_PID };
    await writeFile(join(folder, 'dead.owner'), JSON.stringify(dead));
    const spool = spoolOf('a');
    await spool.append(Buffer.from('new\n'), 2);
    await spool.adopt();
    expect(spool.bytes).toBe(8);
    expect(await drained(spool)).toEqual(['old\n', 'new\n']);
    await spool.leave();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over what a run gave up when it ended', async () => {
    const before = spoolOf('before');
    await before.append(Buffer.from('left\n'), 1);
    await before.leave();
    const spool = spoolOf('a');
    await spool.adopt();
    expect(await drained(spool)).toEqual(['left\n']);
  });

  it.each([1, UNUSED_PID])(
    'leaves alone what belongs to a gateway elsewhere, process %i',
    async (pid) => {
      const other = spoolOf('other', { owner: { ...THERE, pid } });
      await other.append(Buffer.from('theirs\n'), 1);
      const spool = spoolOf('a');
      await spool.adopt();
      expect(spool.isEmpty).toBe(true);
      expect(await drained(other)).toEqual(['theirs\n']);
    },
  );

  it('takes over what a gateway elsewhere has not looked after for a minute', async () => {
    await spoolOf('other', { owner: THERE }).append(Buffer.from('theirs\n'), 1);
    const spool = spoolOf('a', { wallMs: () => Date.now() + LEASE_MS + 10_000 });
    await spool.adopt();
    expect(await drained(spool)).toEqual(['theirs\n']);
  });

  it('keeps its own as long as it shows that it lives', async () => {
    let nowMs = Date.now();
    const wallMs = (): number => nowMs;
    const other = spoolOf('other', { owner: THERE, wallMs });
    await other.append(Buffer.from('theirs\n'), 1);
    nowMs += LEASE_MS + 10_000;
    await other.renew();
    const spool = spoolOf('a', { wallMs });
    await spool.adopt();
    expect(spool.isEmpty).toBe(true);
  });

  it('gives each segment to one of two that take over at the same time', async () => {
    const left = spoolOf('before');
    const lines = Array.from({ length: 20 }, (_, index) => `${index}\n`);
    for (const [index, line] of lines.entries()) {
      await left.append(Buffer.from(line), index);
      left.endSegment();
    }
    await left.leave();
    const heirs = [spoolOf('a'), spoolOf('b')];
    await Promise.all(heirs.map((heir) => heir.adopt()));
    const taken = (await Promise.all(heirs.map(drained))).flat();
    expect(taken.sort()).toEqual(lines.sort());
  });

  it('goes on in a new folder when its own was taken away', async () => {
    const spool = spoolOf('a');
    await spool.append(Buffer.from('1\n'), 1);
    await rename(join(folder, 'a'), join(folder, 'elsewhere'));
    expect((await spool.append(Buffer.from('2\n'), 2)).kind).toBe('disk');
    expect((await spool.append(Buffer.from('3\n'), 3)).kind).toBe('kept');
  });

  it('gives back nothing of what could be neither written whole nor taken back', async () => {
    let isFull = false;
    const spool = spoolOf('a', {
      files: {
        ...DISK,
        append: async (path, bytes) => {
          await DISK.append(path, isFull ? bytes.subarray(0, 3) : bytes);
          if (isFull) throw new Error('no space left');
        },
        cut: () => Promise.reject(new Error('no space left')),
      },
    });
    await spool.append(Buffer.from('1\n'), 1);
    isFull = true;
    expect((await spool.append(Buffer.from('2\n3\n'), 2)).kind).toBe('disk');
    isFull = false;
    await spool.append(Buffer.from('2\n3\n'), 3);
    expect(await drained(spool)).toEqual(['1\n', '2\n3\n']);
  });

  it('takes no notice of files that are not its own', async () => {
    await mkdir(join(folder, 'strange'));
    await writeFile(join(folder, 'strange', 'notes.txt'), 'keep');
    const spool = spoolOf('a');
    await spool.adopt();
    expect(spool.isEmpty).toBe(true);
    expect(await readdir(join(folder, 'strange'))).toEqual(['notes.txt']);
  });

  function spoolOf(
    instance: string,
    options: { owner?: Owner; files?: SpoolFiles; wallMs?: () => number } = {},
  ): Spool {
    const { owner = HERE, files = DISK, wallMs = Date.now } = options;
    return new Spool({ path: folder, instance, owner, files, wallMs, budget });
  }
});

/** Reads and removes everything. */
async function drained(spool: Spool): Promise<string[]> {
  const texts: string[] = [];
  for (let first = spool.first(); first !== null; first = spool.first()) {
    texts.push(String(await spool.read(first)));
    await spool.remove(first);
  }
  return texts;
}
