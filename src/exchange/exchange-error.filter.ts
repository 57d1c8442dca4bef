import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  NotFoundException,
} from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ExchangeError } from './exchange-error.js';
import { ExchangePipeline } from './exchange-pipeline.js';

/**
 * Answers what guards and Sluice's own controllers throw. Their HTTP exceptions keep their status
 * and body, such as a health report; everything else becomes an error in the shape of the API.
 */
@Catch()
export class ExchangeErrorFilter implements ExceptionFilter {
  constructor(private readonly pipeline: ExchangePipeline) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (error instanceof HttpException && !(error instanceof NotFoundException)) {
      void reply.code(error.getStatus()).send(error.getResponse());
      return;
    }
    reply.hijack();
    const { raw: incoming, originalUrl: target } = request;
    const refusal = error instanceof NotFoundException ? nothingAt(target) : error;
    this.pipeline.refuse({ incoming, response: reply.raw, target }, refusal);
  }
}

function nothingAt(target: string): ExchangeError {
  const [path = target] = target.split('?', 1);
  return new ExchangeError('not_found', `nothing is served at ${path}`);
}
