// Asks a provider over TLS by HTTP/1.1 and by HTTP/2 in turns, and prints what each cost as JSON.
// The provider is a process of its own: this same file with `serve`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { Agent, request } from 'undici';

const [first, ...rest] = process.argv.slice(2);
if (first === 'serve') serve(...rest);
else await measure(first, ...rest);

function serve(key, cert) {
  const answer = Buffer.from(JSON.stringify({ choices: [], text: 'x'.repeat(550) }));
  const files = { key: readFileSync(key), cert: readFileSync(cert), allowHTTP1: true };
  const server = createSecureServer(files, (incoming, response) => {
    incoming.resume();
    incoming.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

async function measure(key, cert, requests, rounds) {
  const server = spawn(process.execPath, [process.argv[1], 'serve', key, cert]);
  const [port] = await once(server.stdout, 'data');
  const origin = `https://localhost:${Number(String(port))}`;
  const taken = { 'HTTP/1.1': [], 'HTTP/2': [] };
  for (let round = -1; round < Number(rounds); round++) {
    for (const [protocol, rows] of Object.entries(taken)) {
      const row = await load(origin, protocol === 'HTTP/2', Number(requests));
      if (round >= 0) rows.push(row);
    }
  }
  server.kill();
  const rows = Object.entries(taken).map(([protocol, runs]) => ({
    protocol,
    ...Object.fromEntries(
      ['perSecond', 'cpuMicros', 'p50'].map((name) => [name, median(runs.map((run) => run[name]))]),
    ),
  }));
  console.log(JSON.stringify(rows));
}

async function load(origin, allowH2, requests) {
  const connect = { rejectUnauthorized: false };
  const dispatcher = new Agent({ allowH2, connect, pipelining: allowH2 ? 100 : 1 });
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(190) }] });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer gsk_bench' };
  const took = [];
  let left = requests;
  const one = async () => {
    while (left-- > 0) {
      const since = performance.now();
      const answer = await request(`${origin}/openai/v1/chat/completions`, {
        method: 'POST',
        headers,
        body,
        dispatcher,
      });
      await answer.body.dump();
      took.push(performance.now() - since);
    }
  };
  const since = performance.now();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: 50 }, one));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - since) / 1000;
  await dispatcher.close();
  return {
    perSecond: Math.round(requests / seconds),
    cpuMicros: Math.round((user + system) / requests),
    p50: Number(median(took).toPrecision(3)),
  };
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
