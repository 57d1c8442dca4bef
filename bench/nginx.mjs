import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../demo/free-port.mjs';
import { answersSoon, endProcess } from '../demo/sluice.mjs';

/** The nginx to measure against; `NGINX_BIN` names another one. */
const NGINX = process.env.NGINX_BIN ?? 'nginx';

/** Whether there is an nginx to measure against. */
export function hasNginx() {
  try {
    execFileSync(NGINX, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts nginx as a plain reverse proxy that streams, in one process and with files of its own.
 * @param {{ upstreamPort: number, launcher: readonly string[] }} place
 * @returns {Promise<import('./subjects.mjs').Subject | null>} null when it is not installed
 */
export async function startNginx({ upstreamPort, launcher }) {
  if (!hasNginx()) return null;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-nginx-'));
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), configuration({ folder, port, upstreamPort }));
  const [command, ...parameters] = [...launcher, NGINX, '-p', folder, '-c', 'nginx.conf'];
  const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = async () => {
    await endProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answersSoon(`http://127.0.0.1:${port}/v1/models`, child);
  } catch (cause) {
    await stop();
    throw new Error(`nginx did not start: ${cause.message}`, { cause });
  }
  return { name: 'nginx', port, pid: child.pid, stop };
}

// Without proxy_buffering tokens leave as they come, which is what a model's client needs.
function configuration({ folder, port, upstreamPort }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  return `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
${temporary}
  access_log off;
  tcp_nodelay on;
  keepalive_requests 100000000;
  upstream model {
    server 127.0.0.1:${upstreamPort};
    keepalive 1024;
    keepalive_requests 100000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://model;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`;
}
