import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCartwright } from './client.ts';

/** A connection that the test opens, loses and speaks for. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readyState = 0;
  readonly sent: string[] = [];

  constructor() {
    super();
    sockets.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }
  close(): void {
    if (this.readyState === FakeSocket.CLOSED) return;
    this.readyState = FakeSocket.CLOSED;
    this.dispatchEvent(new Event('close'));
  }
  fail(): void {
    this.readyState = FakeSocket.CLOSED;
    this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new Event('close'));
  }
}

let sockets: FakeSocket[] = [];
let network = new EventTarget();

beforeEach(() => {
  sockets = [];
  network = new EventTarget();
  vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
  vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const backOnline = async () => {
  network.dispatchEvent(new Event('online'));
  await later(1);
};
const lastSocket = () => sockets.at(-1)!;

function setUp() {
  const shop = createCartwright({ url: 'http://shop.test', WebSocket: FakeSocket as unknown as typeof WebSocket });
  const states: string[] = [];
  shop.connection.subscribe((state) => states.push(state));
  return { shop, states, follow: () => shop.api.orders.onStatus.subscribe({}, {}) };
}

describe("a guest's order", () => {
  /** Opens whatever connection is tried until no other one is. */
  async function settled(): Promise<number> {
    for (;;) {
      const { length } = sockets;
      if (lastSocket().readyState === 0) lastSocket().open();
      await later(2_000);
      if (sockets.length === length && lastSocket().readyState === FakeSocket.OPEN) return length;
    }
  }

  it('is followed with its token, by a connection that opens anew for it', async () => {
    const { shop } = setUp();
    await shop.orders.keepToken('o1', 'token-1');
    shop.api.orders.onStatus.subscribe({}, {});
    await later(1);
    await settled();
    expect(lastSocket().sent.join()).not.toContain('orderToken');
    shop.api.orders.onStatus.subscribe({ orderId: 'o1' }, {});
    await later(1);
    const count = await settled();
    const [parameters = '', ...messages] = lastSocket().sent;
    expect(JSON.parse(parameters)).toMatchObject({ data: { orderToken: 'token-1' } });
    expect(messages.join()).toContain('"orderId":"o1"');
    shop.api.orders.onStatus.subscribe({ orderId: 'o1' }, {});
    await later(1);
    expect(await settled()).toBe(count);
    await shop.close();
  });
});

/** As long as the pauses between tries get. */
const LONGEST_MS = 5_000;

/** Fails until the pauses between tries are long. */
async function loseForLong(): Promise<void> {
  for (let count = 0; count < 7; count += 1) {
    const before = sockets.length;
    lastSocket().fail();
    await later(LONGEST_MS);
    expect(sockets.length).toBe(before + 1);
  }
  lastSocket().fail();
  await later(1);
}

describe('the live connection', () => {
  it('opens with the first subscription, is shared, and closes a moment after the last', async () => {
    const { shop, states, follow } = setUp();
    await later(1_000);
    expect(sockets).toHaveLength(0);
    const followed = [follow(), follow()];
    await later(1);
    lastSocket().open();
    await later(1);
    for (const one of followed) one.unsubscribe();
    await later(4_000);
    expect([sockets.length, shop.connection.state()]).toEqual([1, 'open']);
    await later(2_000);
    expect([lastSocket().readyState, states]).toEqual([FakeSocket.CLOSED, ['connecting', 'open', 'idle']]);
  });

  it('comes back at once when the device is back on the network', async () => {
    const { states, follow } = setUp();
    follow();
    await later(1);
    await loseForLong();
    const before = sockets.length;
    await later(1_000);
    expect(sockets).toHaveLength(before);
    await backOnline();
    expect(sockets).toHaveLength(before + 1);
    lastSocket().open();
    await later(1);
    expect(states).toEqual(['connecting', 'closed', 'open']);
  });

  it('that was open without a network opens anew', async () => {
    const { follow } = setUp();
    follow();
    await later(1);
    lastSocket().open();
    await later(1);
    await backOnline();
    expect(sockets[0]?.readyState).toBe(FakeSocket.CLOSED);
    await later(LONGEST_MS);
    expect(sockets).toHaveLength(2);
  });

  it('is not opened again for what nobody follows any more', async () => {
    const { shop, follow } = setUp();
    const followed = follow();
    await later(1);
    await loseForLong();
    const before = sockets.length;
    followed.unsubscribe();
    expect(shop.connection.state()).toBe('idle');
    await later(60_000);
    expect([sockets.length, vi.getTimerCount()]).toEqual([before, 0]);
  });

  it('opens again for whoever follows something later', async () => {
    const { shop, follow } = setUp();
    const followed = follow();
    await later(1);
    await loseForLong();
    followed.unsubscribe();
    await later(60_000);
    const before = sockets.length;
    follow();
    await later(LONGEST_MS);
    expect(sockets).toHaveLength(before + 1);
    lastSocket().open();
    await later(10_000);
    expect([sockets.length, shop.connection.state()]).toEqual([before + 1, 'open']);
  });

  it('is waited for by the next page in the place of the last one', async () => {
    const { shop, follow } = setUp();
    const followed = follow();
    await later(1);
    await loseForLong();
    const before = sockets.length;
    followed.unsubscribe();
    follow();
    expect(shop.connection.state()).toBe('closed');
    await later(1);
    expect(sockets).toHaveLength(before + 1);
    lastSocket().open();
    await later(10_000);
    expect([sockets.length, shop.connection.state()]).toEqual([before + 1, 'open']);
  });

  it('is not opened by a client that was closed', async () => {
    const { shop, follow } = setUp();
    follow();
    await later(1);
    await loseForLong();
    const before = sockets.length;
    await shop.close();
    await later(1);
    expect(vi.getTimerCount()).toBe(0);
    const completed = vi.fn();
    shop.api.orders.onStatus.subscribe({}, { onComplete: completed });
    await later(60_000);
    expect([sockets.length, completed.mock.calls.length]).toEqual([before, 1]);
  });
});
