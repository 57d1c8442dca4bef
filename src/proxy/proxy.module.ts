import { Module } from '@nestjs/common';
import { BackendsModule } from '../backends/backends.module.js';
import { ProxyController } from './proxy.controller.js';
import { UpstreamClient } from './upstream.client.js';

/** Carries an exchange to a backend and the answer back, byte for byte. */
@Module({
  imports: [BackendsModule],
  controllers: [ProxyController],
  providers: [UpstreamClient],
  exports: [UpstreamClient, BackendsModule],
})
export class ProxyModule {}
