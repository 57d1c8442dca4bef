import { All, Controller, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { FORWARD_ROUTE } from '../exchange/own-paths.js';
import { ExchangePipeline } from '../exchange/exchange-pipeline.js';

/** Where every request arrives that is not for Sluice itself. */
@Controller()
export class ProxyController {
  constructor(private readonly pipeline: ExchangePipeline) {}

  @All(FORWARD_ROUTE)
  forward(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    // The exchange writes to the socket itself; Fastify is done with the request.
    reply.hijack();
    const { raw: incoming, originalUrl: target } = request;
    this.pipeline.run({ incoming, response: reply.raw, target });
  }
}
