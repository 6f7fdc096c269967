import type { z } from 'zod';

/** What a mail is signed with, where its links lead, and the language of sums and dates in it. */
export interface MailShop {
  readonly name: string;
  readonly webUrl: string;
  readonly locale: string;
  /** The secret token that a button's seed stands for; needed where buttons name one. */
  readonly tokenOf?: (seed: string) => string;
}

export interface MailRow {
  readonly label: string;
  readonly value: string;
}

/**
 * A piece of a mail. All texts are plain text: the layout alone writes HTML. `path` is one of the shop. A button with a
 * `seed` leads there with the token that the seed stands for behind a `#`, which browsers send to no server: the mail that
 * waits holds the seed alone.
 */
export type MailBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly MailRow[]; readonly total?: MailRow }
  | { readonly kind: 'button'; readonly label: string; readonly path: string; readonly seed?: string | undefined };

/** What a mail says; `renderMail` makes text and HTML of it. */
export interface MailContent {
  readonly subject: string;
  readonly heading: string;
  readonly blocks: readonly MailBlock[];
}

/** A kind of mail. */
export interface MailTemplate<Name extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** Unique and lasting, like `order.paid`: waiting mails are kept under it. */
  readonly name: Name;
  /** What the mail is made of, kept until it is sent and no longer. Stored as BSON: dates stay dates. */
  readonly data: Schema;
  compose(data: z.output<Schema>, shop: MailShop): MailContent;
}

/** Defines a kind of mail. */
export const defineMail = <const Name extends string, Schema extends z.ZodType>(
  template: MailTemplate<Name, Schema>,
): MailTemplate<Name, Schema> => template;

/** A template of whatever data, for lists of them; the data is checked before it is composed. */
export interface AnyMailTemplate {
  readonly name: string;
  compose(data: unknown, shop: MailShop): MailContent;
}

/** Brings a template into a list. */
export const anyMail = <Schema extends z.ZodType>(template: MailTemplate<string, Schema>): AnyMailTemplate => ({
  name: template.name,
  compose: (data, shop) => template.compose(template.data.parse(data), shop),
});
