import { Module } from '@nestjs/common';
import { TokenCounter } from './estimate/token-counter.js';
import { UsageEstimator } from './estimate/usage-estimator.js';
import { ReplySamples } from './noting/reply-samples.js';
import { UsageRefusals } from './asking/usage-refusals.js';

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
