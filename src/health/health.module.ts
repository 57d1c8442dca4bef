import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { BackendsModule } from '../backends/backends.module.js';
import { BackendProbe } from './backend-probe.js';
import { BackendProber } from './backend-prober.js';
import { DrainService } from './drain.service.js';
import { HealthController } from './health.controller.js';
import { ListeningServer } from './listening-server.js';

/** Answers the probes and drains. */
@Module({
  imports: [BackendsModule, HttpModule, TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [BackendProbe, BackendProber, DrainService, ListeningServer],
  exports: [DrainService],
})
export class HealthModule {}
