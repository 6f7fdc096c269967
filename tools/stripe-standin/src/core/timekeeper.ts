import { findSession } from '../resources/checkout-sessions.ts';
import { settlePayment } from '../resources/checkout-payment.ts';
import { settleRefund } from '../resources/refunds.ts';
import type { Context } from './context.ts';

/** Lets happen what happens by itself: sessions expire, delayed payments and refunds settle. */
export function createTimekeeper(context: Context, onChange: () => void) {
  const { store } = context;
  let timer: NodeJS.Timeout | null = null;

  function tick(): void {
    const now = context.nowMs();
    let changed = false;
    for (const task of store.list('tasks')) {
      if (task.due > now) continue;
      changed = true;
      store.transaction(() => {
        store.remove('tasks', task.id);
        if (task.kind === 'settle_payment') settlePayment(context, task.target, task.outcome);
        else settleRefund(context, task.target, task.outcome);
      });
    }
    for (const [id, expiresAt] of store.entries('openSessions')) {
      if (expiresAt > context.now()) continue;
      findSession(context, id);
      changed = true;
    }
    if (changed) onChange();
  }

  return {
    tick,
    start(): void {
      timer = setInterval(tick, 500);
    },
    stop(): void {
      if (timer) clearInterval(timer);
    },
  };
}
