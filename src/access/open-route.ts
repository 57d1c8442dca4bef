import { Reflector } from '@nestjs/core';

/**
 * Opens a controller, or one handler of it, to everybody: probes and scrapers have no key. Any
 * other of Sluice's own routes is held to {@link AdminGuard}.
 */
export const OpenRoute = Reflector.createDecorator<undefined, true>({ transform: () => true });
