import { Module } from '@nestjs/common';
import { BackendsModule } from '../backends/backends.module.js';
import { UpstreamClient } from './upstream.client.js';

/** Carries an exchange to a backend and the answer back, byte for byte. */
@Module({
  imports: [BackendsModule],
  providers: [UpstreamClient],
  exports: [UpstreamClient, BackendsModule],
})
export class ProxyModule {}
