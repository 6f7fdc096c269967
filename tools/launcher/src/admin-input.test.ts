import { describe, expect, it } from 'vitest';
import { inventPassword, parseAdminOptions, weaknessOf } from './admin-input.ts';

describe('the command line of admin:create', () => {
  it('takes an address and perhaps a name', () => {
    expect(parseAdminOptions(['--email', ' Ada@Shop.test '])).toEqual({
      email: 'ada@shop.test',
      name: 'Administrator',
    });
    expect(parseAdminOptions(['--email=ada@shop.test', '--name', 'Ada'])).toMatchObject({ name: 'Ada' });
  });

  it.each([
    [],
    ['--email'],
    ['--email', ''],
    ['--email', 'ada'],
    ['--email', 'ada@shop'],
    ['--email', 'a b@shop.test'],
    ['--email', `${'a'.repeat(250)}@shop.test`],
    ['--email', 'ada@shop.test', '--name', ' '],
    ['--email', 'ada@shop.test', '--name', 'x'.repeat(121)],
    ['--email', 'ada@shop.test', '--password', 'on the command line'],
    ['ada@shop.test'],
  ])('refuses %j', (...argv) => {
    expect(parseAdminOptions(argv)).toEqual({ problem: expect.any(String) });
  });
});

describe('an administrator’s password', () => {
  const ada = { email: 'lovelace@shop.test', name: 'Ada Lovelace' };

  it.each(['', 'short', 'eleven char', 'a'.repeat(20), 'abababababab', 'x'.repeat(129)])('is not %j', (password) => {
    expect(weaknessOf(password, ada)).toEqual(expect.any(String));
  });

  it.each(['cartwright-demo', 'Password12345!', 'my lovelace password', 'Ada Lovelace 1815', 'qwertyuiop[]'])(
    'is not guessed easily, like %j',
    (password) => {
      expect(weaknessOf(password, ada)).toEqual(expect.any(String));
    },
  );

  it('may be any long one, and one that is made up is fit', () => {
    expect(weaknessOf('correct horse battery', ada)).toBeUndefined();
    const invented = inventPassword();
    expect(invented).toHaveLength(24);
    expect(weaknessOf(invented, ada)).toBeUndefined();
    expect(inventPassword()).not.toBe(invented);
  });
});
