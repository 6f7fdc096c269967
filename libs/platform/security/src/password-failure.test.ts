import { expect, it, vi } from 'vitest';
import { createPasswordHasher } from './password.ts';

const faults = vi.hoisted(() => ({ left: 0 }));
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof import('@node-rs/argon2')>();
  const hash: typeof argon2.hash = (...given) => {
    if (faults.left === 0) return argon2.hash(...given);
    faults.left -= 1;
    return Promise.reject(new Error('no memory'));
  };
  return { ...argon2, hash };
});

it('passwords are verified again after the stand-in for unknown accounts could not be made once', async () => {
  const hasher = createPasswordHasher();
  const hash = await hasher.hash('correct horse');
  faults.left = 1;
  await expect(hasher.verify('correct horse', hash)).rejects.toThrow('no memory');
  expect(await hasher.verify('correct horse', hash)).toBe(true);
  expect(await hasher.verify('correct horse', undefined)).toBe(false);
});
