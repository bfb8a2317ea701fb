// What most people write: the official SDK inside a handler.
import { createServer } from 'node:http';
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.UPSTREAM}/openai/v1`,
  apiKey: 'gsk_bench',
  maxRetries: 0,
});

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = JSON.parse(Buffer.concat(parts).toString());
  const answer = await client.chat.completions.create(body);
  if (!body.stream) {
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify(answer));
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for await (const chunk of answer) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.end('data: [DONE]\n\n');
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
