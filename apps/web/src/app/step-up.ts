/** Whether somebody is asked at the moment to show who they are, and how to end that. */
export interface StepUpPrompt {
  /** For the SDK: asks, and resolves once the person has shown it or given up. */
  ask(): Promise<boolean>;
  isOpen(): boolean;
  /** Told when it opens and closes; returns how to stop. */
  subscribe(listener: () => void): () => void;
  answer(confirmed: boolean): void;
}

/** Joins the SDK, which needs an answer, and the dialog, which gets it. */
export function createStepUpPrompt(): StepUpPrompt {
  let resolve: ((confirmed: boolean) => void) | undefined;
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());

  return {
    ask: () =>
      new Promise((settle) => {
        resolve = settle;
        tell();
      }),
    isOpen: () => resolve !== undefined,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    answer: (confirmed) => {
      const settle = resolve;
      resolve = undefined;
      tell();
      settle?.(confirmed);
    },
  };
}
