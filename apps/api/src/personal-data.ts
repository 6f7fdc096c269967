import type { IncomingMessage } from 'node:http';
import type { Composition } from '@cartwright/composition';
import { Router, type RequestHandler } from 'express';

/**
 * `GET /account/export?ticket=…`: the copy of personal data that the ticket is for, as a file. Kept by no cache. Tries are
 * counted by network; what the download throws is answered with its status.
 */
export function createPersonalDataRoute({
  downloadPersonalData,
  addressOf,
}: {
  downloadPersonalData: Composition['downloadPersonalData'];
  addressOf: (request: IncomingMessage) => string;
}): Router {
  const answer: RequestHandler = async (request, response) => {
    const { ticket } = request.query;
    response.setHeader('Cache-Control', 'private, no-store');
    const content = await downloadPersonalData(typeof ticket === 'string' ? ticket : '', { ip: addressOf(request) });
    response.setHeader('Content-Disposition', 'attachment; filename="my-data.json"');
    response.type('application/json').send(content);
  };
  const routes = Router();
  routes.get('/account/export', answer);
  return routes;
}
