import { All, applyDecorators, Header, UseGuards } from '@nestjs/common';
import { KnownParametersGuard } from './known-parameters.guard.js';
import { type AnalyticsRoute } from './routes.js';

/**
 * Makes a method answer at the path of a route, where nothing but its parameters is taken. Methods
 * other than GET and HEAD come here too, so that they are refused and not "not found".
 */
export function Answers({ path, parameters }: AnalyticsRoute): MethodDecorator {
  return applyDecorators(
    // A wildcard, because the router bounds the length of a parameter below that of an id.
    All(path.replace(/\{\w+\}/, '*')),
    Header('cache-control', 'no-store'),
    UseGuards(new KnownParametersGuard(parameters)),
  );
}
