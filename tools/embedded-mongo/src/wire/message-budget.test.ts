import { describe, expect, it } from 'vitest';
import { createMessageBudget } from './message-budget.ts';

describe('the budget of large messages', () => {
  it('lets in what fits, and the rest in the order of asking', () => {
    const budget = createMessageBudget(100);
    const granted: string[] = [];
    const ask = (name: string, bytes: number) => budget.acquire(bytes, () => granted.push(name));
    ask('a', 60);
    ask('b', 60);
    ask('c', 10);
    expect(granted).toEqual(['a']);
    budget.release(60);
    expect(granted).toEqual(['a', 'b', 'c']);
    expect(budget.used()).toBe(70);
  });

  it('lets one message in that is larger than all of it', () => {
    const budget = createMessageBudget(100);
    let granted = 0;
    budget.acquire(500, () => (granted += 1));
    budget.acquire(1, () => (granted += 1));
    expect(granted).toBe(1);
    budget.release(500);
    expect(granted).toBe(2);
  });

  it('forgets who gives up, and lets those behind go on', () => {
    const budget = createMessageBudget(100);
    const granted: string[] = [];
    budget.acquire(90, () => granted.push('a'));
    const giveUp = budget.acquire(90, () => granted.push('b'));
    budget.acquire(10, () => granted.push('c'));
    giveUp();
    expect(granted).toEqual(['a', 'c']);
    budget.release(90);
    expect(budget.used()).toBe(10);
  });

  it('holds requests back while answers take more than there is', () => {
    const budget = createMessageBudget(100);
    budget.take(150);
    expect(budget.isOver()).toBe(true);
    let granted = false;
    budget.acquire(0, () => (granted = true));
    expect(granted).toBe(false);
    budget.release(60);
    expect(granted).toBe(true);
  });
});
