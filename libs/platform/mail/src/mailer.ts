import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';

export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Names this mail for good, like `order.paid:<order id>`: sent again, it carries the same Message-ID. */
  messageKey: string;
}

/** This mail will not be taken, however often it is sent: the server refused it for good, or its address is none. */
export class MailRefused extends Error {
  override name = 'MailRefused';
}

export interface Mailer {
  /**
   * Resolves when the mail server took the mail. Rejects with `MailRefused` when it never will, and with the driver's
   * error when it could not be reached or asks to come back.
   */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 20_000;

/** Sends mails through an SMTP server, over a few pooled connections. */
export function createMailer(options: { smtpUrl: string; from: string }): Mailer {
  const { smtpUrl, from } = options;
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: IDLE_TIMEOUT_MS,
    // Nothing in a mail may make the server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html, messageKey }) {
      const mail = {
        from: singleLine(from),
        // An object is taken as one address; a string would be parsed as a list of them.
        to: { name: '', address: addressOf(to) },
        subject: singleLine(subject),
        text,
        html,
        messageId: messageIdOf(messageKey, from),
      };
      try {
        await transport.sendMail(mail);
      } catch (error) {
        const code = refusalOf(error);
        if (code === null) throw error;
        throw new MailRefused(`The mail server refused the mail (${code}).`, { cause: error });
      }
    },
    close: () => transport.close(),
  };
}

/** The code of a 5xx about this mail or its recipient. One about the connection or our login is no fault of the mail. */
function refusalOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error) || !('responseCode' in error)) return null;
  const { code, responseCode } = error;
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutMail && typeof responseCode === 'number' && responseCode >= 500 ? responseCode : null;
}

/** Headers end at a line break, so nothing written by others may bring one. */
function singleLine(value: string): string {
  return value.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').trim();
}

function addressOf(to: string): string {
  if (!/^[^\s<>,;:"]+@[^\s<>,;:"]+$/.test(to)) throw new MailRefused('A mail must be sent to exactly one address.');
  return to;
}

/** The same key gives the same id, so mail programs can show a mail once that was sent twice. */
function messageIdOf(messageKey: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
  return `<${createHash('sha256').update(messageKey).digest('hex').slice(0, 40)}@${domain}>`;
}
