import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { BackendRegistry } from './backend-registry.js';
import { DiscoveredModels } from './models/discovered-models.js';
import { Retries } from './retrying/retries.js';
import { WaitingRoom } from './waiting/waiting-room.js';

/** Knows the backends, which of them can serve a request, and how healthy each is. */
@Module({
  imports: [HttpModule],
  providers: [BackendRegistry, DiscoveredModels, Retries, WaitingRoom],
  exports: [BackendRegistry, DiscoveredModels, Retries, WaitingRoom],
})
export class BackendsModule {}
