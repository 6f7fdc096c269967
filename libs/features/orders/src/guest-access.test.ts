import { hashToken } from '@cartwright/platform-security';
import { describe, expect, it } from 'vitest';
import { createOrderTokens } from './guest-access.ts';

const tokens = createOrderTokens({ secret: 'a secret of at least 32 characters' });

describe("the links to a guest's order", () => {
  it('are few, the latest and the first among them: its mails carry that one', () => {
    const first = tokens.grant('192.0.2.1');
    const seeds: string[] = [];
    let access = first;
    for (let times = 0; times < 20; times += 1) {
      const renewed = tokens.renew(access);
      access = renewed.access;
      seeds.push(renewed.seed);
    }
    const opening = [first.seed, ...seeds.slice(-5)].map((seed) => hashToken(tokens.tokenOf(seed)));
    expect(access.tokenHashes).toEqual(opening);
  });
});
