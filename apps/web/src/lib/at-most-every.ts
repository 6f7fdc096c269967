/**
 * `run` as it can be asked for any number of times: it runs at once, then no sooner than `everyMs` after its last start, and
 * never beside itself. Whatever was asked for meanwhile comes to one more run, so that the last one sees what all told of.
 */
export function atMostEvery(everyMs: number, run: () => Promise<unknown>): () => void {
  let isBusy = false;
  let isWanted = false;
  const start = async (): Promise<void> => {
    isBusy = true;
    isWanted = false;
    await Promise.allSettled([run(), new Promise((resolve) => setTimeout(resolve, everyMs))]);
    isBusy = false;
    if (isWanted) void start();
  };
  return () => {
    if (isBusy) isWanted = true;
    else void start();
  };
}
