import type { Context } from '../core/context.ts';
import type { Delivery, StripeEvent } from '../core/objects.ts';
import { signatureHeader } from './signature.ts';

const MAX_PARALLEL = 8;
const TIMEOUT_MS = 10_000;
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * Delivers queued webhooks in the background. A receiver that is down or answers other than 2xx is tried again, after
 * 0.25 s at first and at most 30 s later each time, for three days; what was not delivered survives a restart.
 */
export function createDispatcher(context: Context) {
  const { store } = context;
  const inFlight = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let paused = false;
  let stopped = false;

  function due(): Delivery[] {
    return store.list('deliveries').filter((row) => row.status === 'pending' && !inFlight.has(row.id));
  }

  /** Starts what is due and sets the timer for what comes next. */
  function wake(): void {
    if (stopped || paused) return;
    const now = context.realNowMs();
    const waiting = due().sort((a, b) => a.next_attempt_at - b.next_attempt_at);
    for (const delivery of waiting) {
      if (inFlight.size >= MAX_PARALLEL) return;
      if (delivery.next_attempt_at > now) {
        setTimer(delivery.next_attempt_at - now);
        return;
      }
      void attempt(delivery.id).then(wake);
    }
  }

  function setTimer(ms: number): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(wake, Math.min(Math.max(ms, 1), 60_000));
  }

  /** Tries one delivery once. @returns whether it arrived */
  async function attempt(id: string): Promise<boolean> {
    const delivery = store.get('deliveries', id);
    const event = delivery ? store.get('events', delivery.event) : undefined;
    if (!delivery || !event || inFlight.has(id)) return false;
    inFlight.add(id);
    const outcome = await post(delivery.url, event);
    inFlight.delete(id);
    if (stopped) return outcome.ok;
    store.transaction(() => {
      const now = context.realNowMs();
      const current = store.get('deliveries', id) ?? delivery;
      const attempts = current.attempts + 1;
      const tooOld = now - current.created > GIVE_UP_AFTER_MS;
      const tried: Delivery = {
        ...current,
        attempts,
        status: outcome.ok ? 'delivered' : tooOld ? 'given_up' : current.status,
        next_attempt_at: now + Math.min(30_000, 250 * 2 ** Math.min(attempts - 1, 10)),
        last_status: outcome.status,
        last_error: outcome.error,
      };
      if (outcome.ok || tooOld) {
        store.remove('deliveries', id);
        store.put('finishedDeliveries', id, tried);
      } else {
        store.put('deliveries', id, tried);
      }
      const kept = store.get('events', event.id);
      if (outcome.ok && kept && kept.pending_webhooks > 0)
        store.put('events', kept.id, { ...kept, pending_webhooks: 0 });
    });
    return outcome.ok;
  }

  async function post(
    url: string,
    event: StripeEvent,
  ): Promise<{ ok: boolean; status: number | null; error: string | null }> {
    const payload = JSON.stringify(event, null, 2);
    const timestamp = Math.floor(context.realNowMs() / 1000);
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signatureHeader(payload, secretsOf(context), timestamp),
        },
        body: payload,
      });
      await response.arrayBuffer();
      return { ok: response.ok, status: response.status, error: response.ok ? null : `answered ${response.status}` };
    } catch (error) {
      return { ok: false, status: null, error: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    wake,
    attempt,

    /** Delivers these one after another, each answered before the next is sent; other deliveries wait meanwhile. */
    async deliverInOrder(ids: readonly string[]): Promise<void> {
      paused = true;
      try {
        for (const id of ids) {
          store.transaction(() => {
            const delivery = store.get('deliveries', id);
            if (delivery) store.put('deliveries', id, { ...delivery, status: 'pending' });
          });
          await attempt(id);
        }
      } finally {
        paused = false;
        wake();
      }
    },

    /** Lets everything that is pending be tried now, without waiting for its turn. */
    retryNow(): void {
      store.transaction(() => {
        const now = context.realNowMs();
        for (const row of due()) store.put('deliveries', row.id, { ...row, next_attempt_at: now });
      });
      wake();
    },

    stop(): void {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

export type Dispatcher = ReturnType<typeof createDispatcher>;

function secretsOf(context: Context): string[] {
  const secrets = context.store.get('settings', 'webhookSecrets');
  return typeof secrets === 'string' ? secrets.split(',').filter(Boolean) : [];
}
