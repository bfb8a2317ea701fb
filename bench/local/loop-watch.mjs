// Loaded into the measured server with --import: tells how late its event loop was, on a port of its
// own. It watches from a request to /start until the next other one: watching takes of the CPU too.
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

createServer((request, response) => {
  const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const { max } = delay;
  response.end(JSON.stringify({ maxMs: late(max), p99Ms: late(delay.percentile(99)) }));
  delay.reset();
  if (request.url === '/start') delay.enable();
  else delay.disable();
})
  .listen(Number(process.env.LOOP_PORT), '127.0.0.1')
  .unref();
