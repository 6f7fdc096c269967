import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 50;

/** What `look` finds, as soon as it finds something; undefined when that does not come. What fails is looked at again. */
export async function seen<T>(look: () => Promise<T | undefined>, withinMs: number): Promise<T | undefined> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined || Date.now() >= deadline) return found;
    await pause(LOOK_AGAIN_MS);
  }
}
