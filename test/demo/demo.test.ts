import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { painter } from '../../tools/demo/paint.ts';

const script = fileURLToPath(new URL('../../dist/demo.js', import.meta.url));

test('the demo plays an outage in under a minute, readable without colours, and exits by itself', {
  timeout: 90_000,
}, async () => {
  const sinceMs = performance.now();
  const demo = spawn(process.execPath, [script], { env: { PATH: process.env['PATH'] } });
  let text = '';
  for (const stream of [demo.stdout, demo.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const [code] = await once(demo, 'close');
  expect(text).toContain('yes, to the last letter');
  expect(text).toMatch(/\p{L}┃\p{L}/u);
  expect(text).toMatch(/openai\/gpt-oss-120b:cut, groq\/openai\/gpt-oss-20b/);
  expect(text).toMatch(/breakers: openai\/gpt-oss-120b open, openai\/gpt-oss-20b open/);
  expect(text).toMatch(/local\/lifeboat .*gpt-oss-120b:breaker_open/);
  expect(text).toMatch(/back on openai\/gpt-oss-120b after \d+ ms/);
  expect(text).toMatch(/(\d+) of \1 requests answered in full/);
  expect(text).not.toContain('\u001b');
  expect(code).toBe(0);
  expect(performance.now() - sinceMs).toBeLessThan(60_000);
});

test('colours are for terminals, unless NO_COLOR is set', () => {
  expect(painter(true, {})('green', 'go')).toBe('\u001b[32mgo\u001b[39m');
  expect(painter(true, { NO_COLOR: '1' })('green', 'go')).toBe('go');
  expect(painter(false, {})('green', 'go')).toBe('go');
});
