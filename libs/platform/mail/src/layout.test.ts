import { describe, expect, it } from 'vitest';
import { renderMail } from './layout.ts';
import type { MailContent } from './template.ts';

const shop = { name: 'Cartwright', webUrl: 'https://shop.test', locale: 'en-US' };
const content = (extra: Partial<MailContent> = {}): MailContent => ({
  subject: 'Your order',
  heading: 'Thank you',
  blocks: [],
  ...extra,
});

describe('renderMail', () => {
  it('says the same as text and as HTML', () => {
    const { text, html } = renderMail(
      content({
        blocks: [
          { kind: 'text', text: 'We have received it.' },
          { kind: 'rows', rows: [{ label: '2 × Lamp', value: '$10.00' }], total: { label: 'Total', value: '$10.00' } },
          { kind: 'button', label: 'See your order', path: '/orders/1' },
        ],
      }),
      shop,
    );
    for (const words of ['Thank you', 'We have received it.', '2 × Lamp', 'Total', 'https://shop.test/orders/1']) {
      expect(text).toContain(words);
      expect(html).toContain(words);
    }
    expect(html).toContain('href="https://shop.test/orders/1"');
  });

  it('shows names as text', () => {
    const hostile = `</td><script>alert(1)</script><img src=x onerror='a("b")'> & co`;
    const { html, text } = renderMail(
      content({
        heading: hostile,
        blocks: [
          { kind: 'text', text: hostile },
          { kind: 'rows', rows: [{ label: hostile, value: hostile }] },
          { kind: 'button', label: hostile, path: '/' },
        ],
      }),
      { ...shop, name: hostile },
    );
    expect(html).not.toMatch(/<script|<img|onerror='/);
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt; &amp; co',
    );
    expect(text).toContain(hostile);
  });

  it.each([
    ['a line break', 'Lamp\r\nBcc: eve@example.test', 'Lamp Bcc: eve@example.test'],
    ['a line separator', 'Lamp\u2028X', 'Lamp X'],
    ['a turned direction', 'Lamp \u202Egpj.exe', 'Lamp  gpj.exe'],
    ['an isolate', '\u2066Lamp\u2069', 'Lamp'],
    ['a null', 'La\u0000mp', 'La mp'],
    ['half a character', 'Lamp \ud83d', 'Lamp \ufffd'],
  ])('takes %s out of subject and texts', (_, name, shown) => {
    const { subject, text, html } = renderMail(content({ subject: name, heading: name }), shop);
    expect(subject).toBe(shown);
    expect(text.split('\n')[0]).toBe(shown);
    expect(html).toContain(`>${shown}</h1>`);
  });

  it('leaves names of all scripts as they are', () => {
    const name = 'שלום مرحبا 👩‍👩‍👧 Łódź 株式会社';
    expect(renderMail(content({ subject: name }), shop).subject).toBe(name);
  });

  it('bounds subjects without cutting characters in two', () => {
    const { subject } = renderMail(content({ subject: '🦊'.repeat(500) }), shop);
    expect([...subject]).toHaveLength(150);
    expect(subject).toBe(`${'🦊'.repeat(149)}…`);
  });

  it.each([
    'https://evil.test/orders/1',
    '//evil.test',
    'javascript:alert(1)',
    'http://shop.test/',
    'https://a@evil.test',
  ])('lets no link lead out of the shop: %s', (path) => {
    const { html, text } = renderMail(content({ blocks: [{ kind: 'button', label: 'Go', path }] }), shop);
    expect(html).not.toMatch(/evil|javascript|http:/);
    expect(text).toContain('Go: https://shop.test');
  });

  it('keeps the path that the shop lies under', () => {
    const under = { ...shop, webUrl: 'https://shop.test/store/' };
    const { text } = renderMail(content({ blocks: [{ kind: 'button', label: 'Go', path: '/orders/1' }] }), under);
    expect(text).toContain('Go: https://shop.test/store/orders/1');
  });
});
