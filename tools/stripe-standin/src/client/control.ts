/** A webhook delivery as the control API lists it; times are Unix milliseconds. */
export interface DeliveryView {
  id: string;
  event: string;
  type: string;
  url: string;
  status: 'pending' | 'held' | 'delivered' | 'given_up';
  attempts: number;
  created: number;
  next_attempt_at: number;
  last_status: number | null;
  last_error: string | null;
}

export interface FailureOrder {
  /** Before the call has an effect, or after it, so that the caller doesn't learn of it. */
  when: 'before' | 'after';
  kind: 'disconnect' | 'hang' | 'http_500' | 'kept_500' | 'http_429' | 'delay';
  /** Default 1. */
  count?: number;
  /** Part of `METHOD /path`; every call when absent. */
  match?: string;
  delayMs?: number;
}

/** The stand-in's control calls as functions. */
export function createControl(url: string) {
  async function call<T>(action: string, input: object = {}): Promise<T> {
    const response = await fetch(`${url}/_control/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`The Stripe stand-in refused "${action}": ${body.error ?? response.status}`);
    return body;
  }

  return {
    /** Ends a delayed payment, named by its session or payment intent. @returns whether there was one */
    settlePayment: async (id: string, outcome: 'succeeded' | 'failed'): Promise<boolean> =>
      (await call<{ settled: boolean }>('settle-payment', { id, outcome })).settled,
    /** Moves a refund on, as Stripe, the buyer or a bank would. @returns whether that can become of it */
    settleRefund: async (
      id: string,
      outcome: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled',
    ): Promise<boolean> => (await call<{ settled: boolean }>('settle-refund', { id, outcome })).settled,
    /** The buyer's bank wants the money of a payment back, or a part of it. @returns the dispute's id */
    openDispute: async (paymentIntent: string, amount?: number): Promise<string> =>
      (await call<{ id: string }>('open-dispute', { paymentIntent, ...(amount === undefined ? {} : { amount }) })).id,
    /** Ends a dispute. @returns whether it was open */
    closeDispute: async (id: string, outcome: 'won' | 'lost'): Promise<boolean> =>
      (await call<{ closed: boolean }>('close-dispute', { id, outcome })).closed,
    /** Appeals against the outcome of a dispute, which is open again. @returns whether it had one */
    appealDispute: async (id: string): Promise<boolean> =>
      (await call<{ appealed: boolean }>('appeal-dispute', { id })).appealed,
    /** Makes the next refund pending until it is settled. */
    nextRefund: (status: 'pending' | 'succeeded') => call<object>('next-refund', { status }),
    /** The next session's total is off by this much. */
    skewNextTotal: (amount: number) => call<object>('skew-next-total', { amount }),
    /** Changes a session behind the shop's back. */
    alterSession: (id: string, change: { amountTotal?: number; currency?: string }) =>
      call<object>('alter-session', { id, ...change }),
    setWebhook: (target: string | null, secrets?: string[]) =>
      call<object>('set-webhook', { url: target, ...(secrets ? { secrets } : {}) }),
    /** New deliveries wait for `releaseDeliveries`: all, or those whose type begins with `types`. */
    holdDeliveries: (options: { types?: string } = {}) => call<object>('hold', options),
    /** Sends held deliveries one after another, in this order; those not named stay held. @returns the event ids sent */
    releaseDeliveries: async (
      options: { order?: 'created' | 'reverse' | 'shuffle' | string[]; keepHolding?: boolean } = {},
    ): Promise<string[]> => (await call<{ released: string[] }>('release', options)).released,
    delayDeliveries: (ms: number) => call<object>('delay', { ms }),
    /** Delivers an event again. */
    redeliver: (event: string, times = 1) => call<{ deliveries: string[] }>('redeliver', { event, times }),
    retryNow: () => call<object>('retry-now'),
    /** Undelivered webhooks are lost for good. */
    dropDeliveries: async (): Promise<number> => (await call<{ dropped: number }>('drop-deliveries')).dropped,
    failNextCalls: (order: FailureOrder) => call<object>('fail', order),
    clearFailures: () => call<object>('clear-failures'),
    /** Moves the stand-in's clock forward; what became due has happened when this resolves. @returns Unix seconds */
    advanceClock: async (seconds: number): Promise<number> =>
      (await call<{ now: number }>('advance-clock', { seconds })).now,
    listDeliveries: async (): Promise<DeliveryView[]> =>
      (await call<{ deliveries: DeliveryView[] }>('deliveries')).deliveries,
  };
}

export type StripeStandInControl = ReturnType<typeof createControl>;
