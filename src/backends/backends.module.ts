import { Module } from '@nestjs/common';
import { BackendRegistry } from './backend-registry.js';

/** Knows the backends, which of them can serve a request, and how healthy each is. */
@Module({ providers: [BackendRegistry], exports: [BackendRegistry] })
export class BackendsModule {}
