/** Calls made within so many milliseconds of each other get one answer. A failure is not kept. */
export function shared<T>(call: () => Promise<T>, milliseconds: number): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= milliseconds) {
      const answer = call();
      const mine = { at: now, answer };
      last = mine;
      answer.catch(() => {
        if (last === mine) last = undefined;
      });
    }
    return last.answer;
  };
}
