import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface AdminOptions {
  readonly email: string;
  readonly name: string;
}

export const ADMIN_USAGE = `Usage: npm run admin:create -- --email ADDRESS [--name NAME] [--data-dir DIR]

Makes an administrator, or makes one of an account that is there: with the new password, signed out everywhere and without
a second factor. Asks for the password; with an empty answer, or where nobody can be asked, it makes one up and prints it
once. ADMIN_PASSWORD gives it without a question.`;

const EMAIL = /^[^\s@<>"]{1,64}@[^\s@<>"]+\.[^\s@<>".]{2,}$/;
const EMAIL_MAX = 254;
const NAME_MAX = 120;
/** Longer than customers' ones: it opens everything. */
const PASSWORD_MIN = 12;
const PASSWORD_MAX = 128;
const PASSWORD_VARIETY = 5;

/** Reads the command line: options, or a sentence for people about what is wrong. */
export function parseAdminOptions(argv: readonly string[]): AdminOptions | { readonly problem: string } {
  let values: { email?: string | undefined; name?: string | undefined };
  try {
    ({ values } = parseArgs({ args: [...argv], options: { email: { type: 'string' }, name: { type: 'string' } } }));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const email = values.email?.trim().toLowerCase() ?? '';
  if (email === '') return { problem: '--email is missing.' };
  if (email.length > EMAIL_MAX || !EMAIL.test(email)) return { problem: `"${email}" is not an e-mail address.` };
  const name = (values.name ?? 'Administrator').trim();
  if (name === '' || name.length > NAME_MAX) return { problem: `--name must have 1 to ${NAME_MAX} characters.` };
  return { email, name };
}

/** Why a password is too weak for an administrator; undefined when it isn't. */
export function weaknessOf(password: string, { email, name }: AdminOptions): string | undefined {
  const { length } = [...password];
  if (length < PASSWORD_MIN) return `It must have at least ${PASSWORD_MIN} characters.`;
  if (length > PASSWORD_MAX) return `It must have at most ${PASSWORD_MAX} characters.`;
  if (new Set(password).size < PASSWORD_VARIETY)
    return `It must have at least ${PASSWORD_VARIETY} different characters.`;
  const plain = password.toLowerCase();
  const [user = ''] = email.split('@');
  const guesses = [email, user.length > 3 ? user : email, name.length > 3 ? name.toLowerCase() : email];
  if (guesses.some((guess) => plain.includes(guess))) return 'It must not contain the address or the name.';
  if (/^(cartwright|password|administrator|qwerty|12345678)/.test(plain)) return 'It is among the first to be guessed.';
  return undefined;
}

/** 144 random bits, as 24 characters that can be typed. */
export const inventPassword = (): string => randomBytes(18).toString('base64url');
