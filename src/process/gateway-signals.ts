/**
 * Has this process outlast the signals that a terminal sends to all processes of the gateway, which
 * has work for it yet. It is to end when its pipe or channel does, or when it is killed.
 */
export function leaveSignalsToGateway(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => undefined);
  }
}
