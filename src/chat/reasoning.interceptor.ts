import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { ConfigStore } from '../config/config-store.js';
import { type ReasoningPolicy } from '../config/typed/reasoning-policy.js';
import { exchangeOf } from '../exchange/exchange-context.js';
import { type Reply } from '../exchange/reply/reply.js';
import { replaced } from '../exchange/reply/transform/replaced-reply.js';
import { askForPlainBytes } from '../exchange/request/plain-bytes.js';
import { modelCallAt } from '../exchange/target/model-call.js';
import { BodyRewriter } from './body-rewriter.js';
import { ExchangeObserver } from './exchange-observer.js';
import { withHistory } from './history/history.js';
import { requestedOutput, type RequestedOutput } from './requested-output.js';
import { RewritePlans } from './rewrite-plans.js';
import { type RewritePlan } from './rewrite/rewrite-plan.js';

/** Brings the reasoning of a completion into the form that its client understands. */
@Injectable()
export class ReasoningInterceptor implements NestInterceptor<Reply, Reply> {
  constructor(
    private readonly plans: RewritePlans,
    private readonly bodies: BodyRewriter,
    private readonly config: ConfigStore,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<Reply>): Observable<Reply> {
    const exchange = exchangeOf(context);
    const form = modelCallAt(exchange.path)?.completion ?? null;
    if (form === null) return next.handle();
    const header = exchange.header('x-sluice-reasoning');
    if (header === null && !this.plans.areNeededFor(this.config.current)) return next.handle();
    let requested: RequestedOutput;
    try {
      requested = requestedOutput(header);
    } catch (error) {
      return throwError(() => error);
    }
    const planFor = (policy: ReasoningPolicy): RewritePlan | null =>
      this.plans.planFor(policy, requested, form);
    exchange.edits.push((request, { reasoning }) => {
      exchange.isReplyRead = planFor(reasoning) !== null;
      if (exchange.isReplyRead) askForPlainBytes(request);
      if (form === 'chat' && reasoning.history !== 'keep' && request.bodyText !== null) {
        request.bodyText = withHistory(request.bodyText, reasoning);
      }
    });
    return replaced(next.handle(), (reply) => {
      const plan = reply.route === null ? null : planFor(reply.route.reasoning);
      return plan === null
        ? reply
        : this.bodies.rewrite(reply, plan, new ExchangeObserver(exchange), exchange);
    });
  }
}
