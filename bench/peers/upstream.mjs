// The provider of the benchmarks: answers at once, whole or as a stream, as the request's model says.
// `size=600` sets the bytes of a whole answer; `events=50,gap=20` those of a stream, `chunk=16000` the
// length of each of its events; `status=500` refuses.
import { createServer } from 'node:http';

const text = (length) => 'x'.repeat(length);

function whole(size) {
  const body = {
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1,
    model: 'bench',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text(Math.max(0, size - 250)) },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
  };
  return Buffer.from(JSON.stringify(body));
}

const event = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const CONTENT = event({ content: 'token ' });
const answers = new Map();
let open = 0;
const aborted = [];

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => answer(request, response, Buffer.concat(parts)));
});

function answer(request, response, body) {
  if (request.url === '/stats')
    return response.end(JSON.stringify({ open, aborted: aborted.splice(0) }));
  // The parameters stand in the model's name, at the body's beginning.
  const name = /"model":"([^"]*)"/.exec(body.toString('latin1', 0, 200))?.[1] ?? '';
  const size = Number(/size=(\d+)/.exec(name)?.[1] ?? 600);
  const events = Number(/events=(\d+)/.exec(name)?.[1] ?? 0);
  const status = Number(/status=(\d+)/.exec(name)?.[1] ?? 200);
  if (status !== 200) return response.writeHead(status).end('{"error":{"message":"refused"}}');
  if (events > 0) {
    const gapMs = Number(/gap=(\d+)/.exec(name)?.[1] ?? 0);
    return stream(response, events, gapMs, Number(/chunk=(\d+)/.exec(name)?.[1] ?? 0));
  }
  if (!answers.has(size)) answers.set(size, whole(size));
  const bytes = answers.get(size);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

function stream(response, events, gapMs, chunk) {
  const content = chunk > 0 ? event({ content: text(chunk) }) : CONTENT;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event({ role: 'assistant', content: '' }));
  open += 1;
  let sent = 0;
  const timer = setInterval(
    () => {
      response.write(content);
      sent += 1;
      if (sent < events) return;
      clearInterval(timer);
      response.end(`${event({}, 'stop')}data: [DONE]\n\n`);
    },
    Math.max(1, gapMs),
  );
  response.once('close', () => {
    open -= 1;
    clearInterval(timer);
    if (!response.writableFinished) aborted.push(Date.now());
  });
}

server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
