import express from 'express';

/**
 * The limit: the barest Express route that returns given bytes. `PUT /bytes` sets them; GET and POST on `/limit` answer
 * with them, POST after reading its JSON as every mutation has to.
 */
const app = express();
app.disable('x-powered-by');
app.disable('etag');

let bytes = Buffer.from('{}');
app.put('/bytes', express.raw({ type: () => true, limit: '10mb' }), (request, response) => {
  bytes = Buffer.from(request.body as Buffer);
  response.end();
});
app.get('/limit', (_request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(bytes);
});
app.post('/limit', express.json(), (_request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(bytes);
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  process.stdout.write(`ready http://127.0.0.1:${address.port}\n`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
});
