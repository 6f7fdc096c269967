const CHECK_TIMEOUT_MS = 2_000;

/** Which services answer, by name. */
export interface Readiness {
  ok: boolean;
  services: Record<string, 'ok' | 'unavailable'>;
}

/** Asks every service that the shop can't work without, all at once, each for two seconds at most. */
export function createReadiness(checks: Record<string, () => Promise<unknown>>): () => Promise<Readiness> {
  return async () => {
    const outcomes = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const up = await answersInTime(check());
        return [name, up ? 'ok' : 'unavailable'] as const;
      }),
    );
    return { ok: outcomes.every(([, state]) => state === 'ok'), services: Object.fromEntries(outcomes) };
  };
}

async function answersInTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  const answered = work.then(
    () => true,
    () => false,
  );
  const inTime = await Promise.race([answered, late]);
  clearTimeout(timer);
  return inTime;
}
