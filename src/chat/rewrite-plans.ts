import { Injectable } from '@nestjs/common';
import { policyFor } from '../config/typed/offered-model.js';
import { type ReasoningPolicy } from '../config/typed/reasoning-policy.js';
import { type SluiceConfig } from '../config/typed/sluice-config.js';
import { type CompletionForm } from '../exchange/target/model-call.js';
import { type RequestedOutput } from './requested-output.js';
import { type RewritePlan, rewritePlanFor } from './rewrite/rewrite-plan.js';

type PlansByOutput = Map<RequestedOutput, RewritePlan | null>;

/** Keeps the plan of each policy, so that its markers are prepared once and not per request. */
@Injectable()
export class RewritePlans {
  // Bounded by the policies of the configurations that are still in use, times the outputs.
  readonly #plans = new WeakMap<ReasoningPolicy, PlansByOutput>();
  readonly #isNeeded = new WeakMap<SluiceConfig, boolean>();

  /** Whether any policy of a configuration changes a reply or a request at all. */
  areNeededFor(config: SluiceConfig): boolean {
    let isNeeded = this.#isNeeded.get(config);
    if (isNeeded === undefined) {
      isNeeded = policiesOf(config).some(
        ({ output, history }) => output !== 'keep' || history !== 'keep',
      );
      this.#isNeeded.set(config, isNeeded);
    }
    return isNeeded;
  }

  /** @returns null where replies stay as they are */
  planFor(
    policy: ReasoningPolicy,
    requested: RequestedOutput,
    form: CompletionForm,
  ): RewritePlan | null {
    const plan = this.#known(policy, requested);
    // A legacy completion is one text: it has no field that reasoning could move to.
    return form === 'legacy' && (plan?.output.fields.length ?? 0) > 0 ? null : plan;
  }

  #known(policy: ReasoningPolicy, requested: RequestedOutput): RewritePlan | null {
    let plans = this.#plans.get(policy);
    if (plans === undefined) {
      plans = new Map();
      this.#plans.set(policy, plans);
    }
    let plan = plans.get(requested);
    if (plan === undefined) {
      plan = rewritePlanFor(withOutput(policy, requested));
      plans.set(requested, plan);
    }
    return plan;
  }
}

/** The policy with the client's output in place of the configured one. */
function withOutput(policy: ReasoningPolicy, requested: RequestedOutput): ReasoningPolicy {
  return requested === null ? policy : { ...policy, output: requested };
}

function policiesOf({ backends, fallbackBackends, models }: SluiceConfig): ReasoningPolicy[] {
  return [...backends, ...fallbackBackends].flatMap((backend) => [
    backend.reasoning,
    ...models.map((offered) => policyFor(backend, offered)),
  ]);
}
