const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Waits for the wish to stop: Ctrl-C, a signal, or the end of the process that started this one. Ctrl-C at a terminal
 * reaches this process several times, from the terminal and from each parent; only a request that comes a second later
 * or more means that the person does not want to wait.
 */
export function onStopRequest({ onInsist, patienceMs = 1000 }: { onInsist: () => void; patienceMs?: number }) {
  let firstAt: number | undefined;
  let resolveRequest: (reason: string) => void = () => {};
  const requested = new Promise<string>((resolve) => {
    resolveRequest = resolve;
  });
  const ask = (reason: string) => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      resolveRequest(reason);
    } else if (Date.now() - firstAt > patienceMs) {
      onInsist();
    }
  };
  const listeners = SIGNALS.map((signal) => [signal, () => ask(signal === 'SIGINT' ? 'Ctrl-C' : signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const onDisconnect = () => ask('its terminal process ended');
  process.on('disconnect', onDisconnect);
  return {
    requested,
    dispose() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
      process.off('disconnect', onDisconnect);
    },
  };
}
