/** How long other tabs may take to object, in milliseconds. */
const ASK_MS = 100;
/** After so long a tab that is at work is taken for dead: longer than the work itself may last. */
const WAIT_MS = 20_000;

/** What tabs tell each other where the browser has no locks. */
type Word = { kind: 'ask'; id: string } | { kind: 'mine'; to: string } | { kind: 'done' };

/** The parts of a browser that are needed; named here since the SDK also runs where there are none. */
interface Surroundings {
  navigator?: { locks?: { request(name: string, work: () => Promise<void>): Promise<void> } };
  BroadcastChannel?: new (name: string) => {
    postMessage(word: Word): void;
    onmessage: ((event: { data: Word }) => void) | null;
    close(): void;
  };
}

/**
 * Runs `work` while no other tab of this origin runs any of that name: by the Web Locks API; where there is none (pages
 * without https), by asking the other tabs; where that is impossible, too, there are none to wait for. Asking is no perfect
 * lock, since a sleeping tab answers late: two at once must do no harm.
 */
export function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  const { navigator, BroadcastChannel } = globalThis as unknown as Surroundings;
  if (navigator?.locks) return navigator.locks.request(name, work);
  return BroadcastChannel ? byAsking(new BroadcastChannel(name), work) : work();
}

async function byAsking(
  channel: InstanceType<NonNullable<Surroundings['BroadcastChannel']>>,
  work: () => Promise<void>,
): Promise<void> {
  const id = `${Date.now()}-${Math.random()}`;
  let state: 'asking' | 'waiting' | 'working' = 'asking';
  let refused = (): void => undefined;
  let released = (): void => undefined;
  channel.onmessage = ({ data: word }) => {
    if (word.kind === 'done') released();
    else if (word.kind === 'mine') {
      if (word.to === id && state === 'asking') refused();
    } else if (state === 'working' || (state === 'asking' && id < word.id)) {
      channel.postMessage({ kind: 'mine', to: word.id });
    } else if (state === 'asking') {
      // Of two who ask at once, both find the same one to be the first.
      refused();
    }
  };
  const within = (milliseconds: number, hear: (yes: () => void) => void): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      hear(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });

  try {
    for (;;) {
      state = 'asking';
      const objection = within(ASK_MS, (hear) => (refused = hear));
      channel.postMessage({ kind: 'ask', id });
      if (!(await objection)) break;
      state = 'waiting';
      if (!(await within(WAIT_MS, (hear) => (released = hear)))) break;
    }
    state = 'working';
    await work();
  } finally {
    channel.postMessage({ kind: 'done' });
    channel.close();
  }
}
