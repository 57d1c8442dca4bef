import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HttpModule, HttpService } from '@nestjs/axios';
import { TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { AxiosError } from 'axios';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { throwError } from 'rxjs';
import { Secret } from '../config/secret.js';
import { type BackendConfig } from '../config/typed/backend-config.js';
import { Clock } from '../exchange/timing/clock.js';
import { BackendProbe } from './backend-probe.js';

const NEVER = new AbortController().signal;

describe('BackendProbe', () => {
  let probe: BackendProbe;
  let http: HttpService;
  let server: Server;
  let port: number;
  let answer: RequestListener;

  beforeEach(async () => {
    const module = await Test.createTestingModule({
      imports: [HttpModule, TerminusModule.forRoot({ logger: false })],
      providers: [BackendProbe, Clock],
    }).compile();
    probe = module.get(BackendProbe);
    http = module.get(HttpService);
    server = createServer((request, response) => {
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(async () => {
    if (server.listening) await close();
  });

  it.each([200, 204, 302, 401, 403, 404, 405, 429])('is up when it answers %i', async (status) => {
    answer = (_, response) => response.writeHead(status).end();
    expect(await probe.ask(backend(), NEVER)).toEqual({
      status: 'up',
      latencyMs: expect.any(Number),
    });
  });

  it.each([500, 502, 503])('is down when it answers %i', async (status) => {
    answer = (_, response) => response.writeHead(status).end();
    expect(await probe.ask(backend(), NEVER)).toEqual({
      status: 'down',
      latencyMs: expect.any(Number),
      lastError: `Request failed with status code ${status}`,
    });
  });

  it('is down when nobody listens', async () => {
    await close();
    expect(await probe.ask(backend(), NEVER)).toMatchObject({
      status: 'down',
      lastError: `connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it('is down when it says nothing within the interval', async () => {
    answer = () => undefined;
    expect(await probe.ask(backend({ intervalMs: 50 }), NEVER)).toMatchObject({
      status: 'down',
      lastError: 'no answer within 50 ms',
    });
  });

  it('says nothing of a backend that it cannot ask for want of file descriptors', async () => {
    const failed = throwError(() => new AxiosError('connect EMFILE', 'EMFILE'));
    jest.spyOn(http, 'request').mockReturnValue(failed);
    expect(await probe.ask(backend(), NEVER)).toBeNull();
  });

  it('is up at its head, though the body never ends', async () => {
    answer = (_, response) => response.write('{"data":[');
    expect(await probe.ask(backend(), NEVER)).toMatchObject({ status: 'up' });
  });

  it('asks the health path below the base path, with the key and headers of requests', async () => {
    const requests: IncomingMessage[] = [];
    answer = (request, response) => {
      requests.push(request);
      response.end();
    };
    await probe.ask(
      { ...backend(), apiKey: new Secret('sk-own'), headers: [['X-Team', new Secret('a')]] },
      NEVER,
    );
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: '/api/v1/models',
      headers: { authorization: 'Bearer sk-own', 'x-team': 'a' },
    });
  });

  it('sends no credentials where there are none', async () => {
    const headers: IncomingMessage['headers'][] = [];
    answer = (request, response) => {
      headers.push(request.headers);
      response.end();
    };
    await probe.ask(backend(), NEVER);
    expect(headers[0]).not.toHaveProperty('authorization');
  });

  it('ends early when it is stopped', async () => {
    const stop = new AbortController();
    answer = () => {
      stop.abort();
    };
    expect(await probe.ask(backend(), stop.signal)).toMatchObject({ status: 'down' });
  });

  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  function backend({ intervalMs = 10_000 } = {}): BackendConfig {
    return {
      name: 'local',
      origin: `http://127.0.0.1:${port}`,
      basePath: '/api/v1',
      model: null,
      models: ['*'],
      apiKey: null,
      headers: [],
      weight: 1,
      maxInFlight: 0,
      params: { set: [], default: [], drop: [] },
      timeouts: { connectMs: 0, headersMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 },
      reasoning: {
        input: 'auto',
        output: 'tags',
        fields: 'keep',
        openTag: '<think>',
        closeTag: '</think>',
        history: 'keep',
        harmonyCalls: 'drop',
      },
      ca: null,
      health: { path: '/models', intervalMs },
    };
  }
});
