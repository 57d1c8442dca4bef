import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { parseRequestTarget } from '../../exchange/target/request-target.js';
import { GivenParameters } from './parameters/given-parameters.js';

/** The query parameters of a request, to be read one by one. */
export const Given = createParamDecorator(
  (_nothing: unknown, context): GivenParameters => new GivenParameters(queryOf(context)),
);

/** The query of a request as the client sent it. */
export function queryOf(context: ExecutionContext): URLSearchParams {
  const { originalUrl: target } = context.switchToHttp().getRequest<FastifyRequest>();
  return new URLSearchParams(parseRequestTarget(target)?.query ?? '');
}
