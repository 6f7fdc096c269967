import type { MailBlock, MailContent, MailRow, MailShop } from './template.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SUBJECT_MAX = 150;
const TEXT_MAX = 2_000;
const INK = '#1a1f36';
const MUTED = '#697386';
const LINE = '#e3e8ee';
const ACCENT = '#3b5bdb';

/**
 * A mail as text and as HTML. This is the one place where texts become HTML. Names and titles come from strangers: line
 * breaks, control characters and signs that turn the writing direction are taken out, the rest is escaped.
 */
export function renderMail(content: MailContent, shop: MailShop): RenderedMail {
  const name = clean(shop.name);
  const heading = clean(content.heading);
  const blocks = content.blocks.map((block) => cleanBlock(block, shop));
  return {
    subject: shortened(clean(content.subject), SUBJECT_MAX),
    text: [heading, ...blocks.map(textOf), `-- \n${name}\n${shop.webUrl}`].join('\n\n'),
    html: page(
      name,
      shop,
      `<h1 style="margin:0 0 16px;font-size:20px">${escapeHtml(heading)}</h1>${blocks.map(htmlOf).join('')}`,
    ),
  };
}

/** The block with clean texts and its link made whole. */
type Block = Exclude<MailBlock, { kind: 'button' }> | { kind: 'button'; label: string; url: string };

function cleanBlock(block: MailBlock, shop: MailShop): Block {
  switch (block.kind) {
    case 'text':
      return { kind: 'text', text: shortened(clean(block.text), TEXT_MAX) };
    case 'rows': {
      const rows = block.rows.map(cleanRow);
      return { kind: 'rows', rows, ...(block.total ? { total: cleanRow(block.total) } : {}) };
    }
    case 'button':
      return { kind: 'button', label: clean(block.label), url: linkTo(block, shop) };
  }
}

const cleanRow = ({ label, value }: MailRow): MailRow => ({ label: shortened(clean(label), 200), value: clean(value) });

/** Never out of the shop, whatever the path is made of. */
function linkTo({ path, seed }: { path: string; seed?: string | undefined }, shop: MailShop): string {
  const base = shop.webUrl.replace(/\/+$/, '');
  if (!/^\/(?!\/)/.test(path)) return base;
  const url = new URL(base + path);
  if (seed !== undefined) {
    if (!shop.tokenOf) throw new Error('A link with a token needs who makes it');
    url.hash = shop.tokenOf(seed);
  }
  return url.href;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'rows':
      return [...block.rows, ...(block.total ? [block.total] : [])]
        .map(({ label, value }) => `${label}  ${value}`)
        .join('\n');
    case 'button':
      return `${block.label}: ${block.url}`;
  }
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p style="margin:0 0 16px">${escapeHtml(block.text)}</p>`;
    case 'rows': {
      const rows = block.rows.map((row) => rowHtml(row, ''));
      const total = block.total ? rowHtml(block.total, 'font-weight:600') : '';
      return `<table role="presentation" width="100%" cellspacing="0" style="border-collapse:collapse;margin:0 0 16px">${rows.join('')}${total}</table>`;
    }
    case 'button':
      return `<p style="margin:24px 0"><a href="${escapeHtml(block.url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:${ACCENT};color:#ffffff;text-decoration:none">${escapeHtml(block.label)}</a></p>`;
  }
}

function rowHtml({ label, value }: MailRow, style: string): string {
  const cell = `padding:8px 0;border-top:1px solid ${LINE};${style}`;
  return `<tr><td style="${cell}">${escapeHtml(label)}</td><td align="right" style="${cell};white-space:nowrap">${escapeHtml(value)}</td></tr>`;
}

function page(name: string, shop: MailShop, body: string): string {
  const link = `<a href="${escapeHtml(shop.webUrl)}" style="color:${MUTED}">${escapeHtml(name)}</a>`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(name)}</title></head>`,
    `<body style="margin:0;padding:24px;background:#f6f8fa;color:${INK};font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">`,
    `<div style="max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid ${LINE};border-radius:12px">`,
    `${body}</div><p style="text-align:center;color:${MUTED};font-size:13px">${link}</p></body></html>`,
  ].join('\n');
}

/** Control characters, line and paragraph separators, and what changes the direction of the text around it. */
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

function clean(text: string): string {
  return text.toWellFormed().replaceAll(UNWANTED, ' ').trim();
}

function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
