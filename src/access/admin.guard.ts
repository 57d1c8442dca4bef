import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { ConfigStore } from '../config/config-store.js';
import { adminRefusal } from './admin-access.js';
import { OpenRoute } from './open-route.js';

/** Holds every route of Sluice's own to the admin key, but for those that {@link OpenRoute} opens. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly config: ConfigStore,
    private readonly reflector: Reflector,
  ) {}

  /** @throws ExchangeError `invalid_api_key` */
  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OpenRoute.KEY, targets) === true) {
      return true;
    }
    const { raw: incoming } = context.switchToHttp().getRequest<FastifyRequest>();
    const refusal = adminRefusal(
      {
        authorization: incoming.headers.authorization ?? null,
        remoteAddress: incoming.socket.remoteAddress ?? '',
        host: incoming.headers.host ?? null,
        fieldNames: Object.keys(incoming.headers),
      },
      this.config.current.settings.adminKey,
    );
    if (refusal !== null) throw refusal;
    return true;
  }
}
