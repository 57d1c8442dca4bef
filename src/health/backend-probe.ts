import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { HttpHealthIndicator } from '@nestjs/terminus';
import { type Readable } from 'node:stream';
import { catchError } from 'rxjs';
import { type ProbeFinding } from '../backends/state/backend-health.js';
import { type BackendConfig } from '../config/typed/backend-config.js';
import { isExhaustion } from '../errors/exhaustion.js';
import { Clock } from '../exchange/timing/clock.js';
import { isReachable, probeRequest, type ProbeRequest } from './probe-request.js';

type Finding = { readonly status: 'up' } | { readonly status: 'down'; readonly lastError: string };

/** Asks a backend once whether it is there. */
@Injectable()
export class BackendProbe {
  /** The indicator keeps only the message of what fails in HTTP, and lets everything else through. */
  readonly #client: Pick<HttpService, 'request'> = {
    request: <T>(config: Parameters<HttpService['request']>[0]) =>
      this.http.request<T>(config).pipe(
        catchError((error: unknown) => {
          throw isExhaustion(error) ? new Unsent() : error;
        }),
      ),
  };

  constructor(
    private readonly indicator: HttpHealthIndicator,
    private readonly http: HttpService,
    private readonly clock: Clock,
  ) {}

  /**
   * @param stop ends the probe early; what it found then means nothing
   * @returns what was found, within the probe's timeout; null where it could not be sent for want of
   * file descriptors, which says nothing of the backend; never rejects
   */
  async ask(backend: BackendConfig, stop: AbortSignal): Promise<ProbeFinding | null> {
    const request = probeRequest(backend);
    const timeout = AbortSignal.timeout(request.timeoutMs);
    const startMs = this.clock.monotonicMs();
    const finding = await this.#send(request, AbortSignal.any([stop, timeout]));
    const latencyMs = Math.round(this.clock.monotonicMs() - startMs);
    if (finding === null) return null;
    if (finding.status === 'down' && timeout.aborted) {
      const lastError = `no answer within ${request.timeoutMs} ms`;
      return { status: 'down', latencyMs, lastError };
    }
    return { ...finding, latencyMs };
  }

  async #send({ url, options }: ProbeRequest, signal: AbortSignal): Promise<Finding | null> {
    try {
      const request = { ...options, signal, httpClient: this.#client };
      const result = await this.indicator.responseCheck('backend', url, accept, request);
      const { status, message } = result.backend;
      return status === 'up' ? { status } : { status: 'down', lastError: String(message) };
    } catch (error) {
      if (error instanceof Unsent) return null;
      const lastError = error instanceof Error ? error.message : 'the probe could not be sent';
      return { status: 'down', lastError };
    }
  }
}

class Unsent extends Error {
  override readonly name = 'Unsent';
}

/** Judges by the status alone: the body is not read. */
function accept({ status, data }: { status: number; data: Readable }): boolean {
  data.destroy();
  return isReachable(status);
}
