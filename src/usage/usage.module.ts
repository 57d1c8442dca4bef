import { Module } from '@nestjs/common';
import { UsageRefusals } from './asking/usage-refusals.js';
import { TokenCounter } from './estimating/token-counter.js';
import { UsageEstimator } from './estimating/usage-estimator.js';
import { ReplySamples } from './noting/sample/reply-samples.js';

/** Learns what exchanges used: from the backend where it says so, else by counting. */
@Module({
  providers: [
    ReplySamples,
    UsageRefusals,
    { provide: TokenCounter, useFactory: () => new TokenCounter() },
    UsageEstimator,
  ],
  exports: [ReplySamples, UsageRefusals, UsageEstimator],
})
export class UsageModule {}
