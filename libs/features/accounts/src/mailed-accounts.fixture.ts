import { createSilentLogger } from '@cartwright/platform-logger';
import { renderMail } from '@cartwright/platform-mail';
import { createEventProcessor, type EventHandler } from '@cartwright/platform-outbox';
import { collectingQueues } from '@cartwright/testkit';
import { accountMailTemplates } from './account-mails.ts';
import { ada, client, openAccounts, SECRET, signedIn } from './accounts.fixture.ts';
import type { SignedInDto } from './accounts.contracts.ts';

const templates = accountMailTemplates({ secret: SECRET });
const shop = { name: 'Cartwright', webUrl: 'https://shop.test', locale: 'en-US' };

interface MailRow {
  _id: string;
  template: string;
  to: string;
  data: unknown;
  createdAt: Date;
}

/** Accounts with their events handled and their mails read. */
export async function setUpAccounts(options: Parameters<typeof openAccounts>[0] = {}) {
  const app = await openAccounts(options);
  const { mongo } = app.db;
  const events = mongo.connection.collection<{ _id: string; type: string }>('outbox');
  const mailRows = mongo.connection.collection<MailRow>('mails');
  const handled = new Set<string>();

  /** Hands every open event to its handlers, until nothing follows any more. */
  async function settle(handlers: readonly EventHandler[] = app.handlers(collectingQueues())): Promise<void> {
    const process = createEventProcessor({ mongo, handlers, logger: createSilentLogger(), clock: app.clock });
    for (;;) {
      const open = (await events.find().toArray()).filter(({ _id }) => !handled.has(_id));
      if (open.length === 0) return;
      for (const { _id: eventId, type } of open) {
        const reacting = handlers.filter(({ event }) => event.type === type);
        await process({ eventId, handlers: reacting.map(({ name }) => name) });
        handled.add(eventId);
      }
    }
  }

  /** The mails written to an address, as they would be sent, in their order. */
  async function mailsTo(address: string) {
    const rows = await mailRows.find({ to: address }).sort({ createdAt: 1, _id: 1 }).toArray();
    return rows.map((row) => {
      const template = templates.find(({ name }) => name === row.template);
      if (!template) throw new Error(`No template ${row.template}`);
      const mail = renderMail(template.compose(row.data, shop), shop);
      return { ...mail, template: row.template, token: /#([\w-]+)/.exec(mail.text)?.[1] ?? '', stored: row };
    });
  }

  const asCaller = async ({ accessToken, refreshToken, user }: SignedInDto) => ({
    ...{ accessToken, refreshToken, user },
    principal: await app.auth.authenticate(accessToken),
  });

  return {
    ...app,
    mongo,
    settle,
    mailsTo,
    /** The token in the latest mail of a template to an address. */
    async tokenIn(template: string, address: string = ada.email): Promise<string> {
      const mail = (await mailsTo(address)).findLast((sent) => sent.template === template);
      if (!mail) throw new Error(`No mail ${template} to ${address}`);
      return mail.token;
    },
    eventTypes: async () => (await events.find().sort({ _id: 1 }).toArray()).map(({ type }) => type),
    signUp: async (account = ada) => asCaller(await app.auth.register(account, client)),
    signIn: async (account = ada) => asCaller(await signedIn(app.auth.login(account, client))),
  };
}

export type MailedAccounts = Awaited<ReturnType<typeof setUpAccounts>>;
