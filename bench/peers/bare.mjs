// The least that a proxy can do in Node: node:http and undici's dispatch, nothing else.
import { createServer } from 'node:http';
import { Agent } from 'undici';

// By itself, so that a profile of it is written.
process.once('SIGTERM', () => process.exit());

const agent = new Agent();
const origin = process.env.UPSTREAM;

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => forward(request, response, Buffer.concat(parts)));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));

function forward(request, response, body) {
  let controller;
  response.once('close', () => {
    if (!response.writableFinished) controller?.abort(new Error('hung up'));
  });
  const headers = { 'content-type': 'application/json' };
  agent.dispatch(
    { origin, path: request.url, method: 'POST', headers, body },
    {
      onRequestStart: (started) => {
        controller = started;
      },
      onResponseStart: (_flow, status, { 'content-type': type, 'content-length': length }) => {
        response.writeHead(status, {
          'content-type': type,
          ...(length ? { 'content-length': length } : {}),
        });
      },
      onResponseData: (flow, bytes) => {
        if (response.write(bytes)) return;
        flow.pause();
        response.once('drain', () => flow.resume());
      },
      onResponseEnd: () => response.end(),
      onResponseError: () => response.destroy(),
    },
  );
}
