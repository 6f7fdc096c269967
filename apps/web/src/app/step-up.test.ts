import { expect, it, vi } from 'vitest';
import { createStepUpPrompt } from './step-up.ts';

it('opens when the SDK asks, and closes with the answer', async () => {
  const prompt = createStepUpPrompt();
  const listener = vi.fn();
  const stop = prompt.subscribe(listener);
  const asking = prompt.ask();
  expect(prompt.isOpen()).toBe(true);
  prompt.answer(true);
  expect(prompt.isOpen()).toBe(false);
  expect(await asking).toBe(true);
  expect(listener).toHaveBeenCalledTimes(2);
  stop();
  const again = prompt.ask();
  prompt.answer(false);
  expect(await again).toBe(false);
  expect(listener).toHaveBeenCalledTimes(2);
});
