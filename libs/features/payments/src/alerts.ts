import type { Logger } from '@cartwright/platform-logger';
import { afterCommit, type Tx } from '@cartwright/platform-mongo';

/** Tells people of what a transaction did once it is done: one that is run again tells once, one that is undone never. */
export function createAlerts(logger: Pick<Logger, 'error'>) {
  return function alert(
    tx: Tx,
    facts: { readonly alert: string } & Readonly<Record<string, string | undefined>>,
    text: string,
  ): void {
    afterCommit(tx, Object.values(facts).join('/'), () => logger.error(facts, text));
  };
}
