import { Module } from '@nestjs/common';
import { BodyRewriter } from './body-rewriter.js';
import { RewritePlans } from './rewrite-plans.js';

/** Understands chat completions: checks the request, rewrites reasoning in the reply. */
@Module({ providers: [RewritePlans, BodyRewriter], exports: [RewritePlans, BodyRewriter] })
export class ChatModule {}
