import { Router, type RequestHandler } from 'express';

/** `GET /account/export?ticket=…`: the copy of personal data that the ticket is for, as a file. Kept by no cache. */
export function createPersonalDataRoute(download: (ticket: string) => Promise<Buffer>): Router {
  const answer: RequestHandler = async (request, response) => {
    const { ticket } = request.query;
    response.setHeader('Cache-Control', 'private, no-store');
    const content = await download(typeof ticket === 'string' ? ticket : '').catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    if (!content) {
      response.status(404).json({ error: 'Not found' });
      return;
    }
    response.setHeader('Content-Disposition', 'attachment; filename="my-data.json"');
    response.type('application/json').send(content);
  };
  const routes = Router();
  routes.get('/account/export', answer);
  return routes;
}

const isNotFound = (error: unknown): boolean => error instanceof Error && error.message === 'NOT_FOUND';
