import { afterAll, expect, test } from 'vitest';
import { hear } from '../support/answer.ts';
import { namedEvents } from '../support/named-events.ts';
import { type Say, scriptedUpstream } from '../support/scripted-upstream.ts';
import { startServer } from '../support/server.ts';

const upstream = await scriptedUpstream();
const server = await startServer({ GROQ_API_KEY: 'gsk_of_calls', GROQ_BASE_URL: upstream.url });
const key = await server.key();
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

type Begun = { readonly index: number; readonly content_block: { readonly name?: string } };
type Grown = { readonly index: number; readonly delta: { readonly partial_json?: string } };

/** What a message's stream holds: each block with its text or arguments, in order; and its end. */
async function streamOf(model: string) {
  const sinceMs = performance.now();
  const response = await fetch(`${server.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      max_tokens: 100,
      stream: true,
      tools: [{ name: 'a', input_schema: {} }],
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  });
  const blocks: string[] = [];
  let open = -1;
  let reason: unknown;
  let error: unknown;
  for (const { name, data } of namedEvents(await hear(response, sinceMs))) {
    if (name === 'content_block_start') {
      const { index, content_block } = data as Begun;
      expect([open, index]).toEqual([-1, blocks.length]);
      open = index;
      blocks.push(`${content_block.name ?? 'text'}:`);
    }
    if (name === 'content_block_delta') {
      const { index, delta } = data as Grown & { delta: { text?: string } };
      expect(index).toBe(open);
      blocks[index] += delta.text ?? delta.partial_json ?? '';
    }
    if (name === 'content_block_stop') open = -1;
    if (name === 'error') error = data['error'];
    if (name === 'message_delta') reason = (data['delta'] as { stop_reason: string }).stop_reason;
  }
  return { blocks, reason, error };
}

function call(out: Say, index: number, text: string, begun?: readonly [id: string, name: string]) {
  const [id, name] = begun ?? [];
  const piece = {
    index,
    ...(id ? { id, type: 'function' } : {}),
    function: { name, arguments: text },
  };
  out.choices(delta(piece));
}

function delta(piece: object) {
  return { index: 0, delta: { tool_calls: [piece] }, finish_reason: null };
}

test('calls whose pieces alternate come as one whole block after the other', async () => {
  upstream.script('alternating', (out) => {
    out.text('Now');
    call(out, 0, '{"x"', ['c1', 'a']);
    call(out, 1, '{"y"', ['c2', 'b']);
    call(out, 2, '', ['c3', 'c']);
    call(out, 0, ':1}');
    call(out, 1, ':2}');
    out.finish('tool_calls');
  });
  const { blocks, reason } = await streamOf('alternating');
  expect(blocks).toEqual(['text:Now', 'a:{"x":1}', 'b:{"y":2}', 'c:']);
  expect(reason).toBe('tool_use');
});

test('a text amid the arguments of a call waits for their end', async () => {
  upstream.script('amid', (out) => {
    call(out, 0, '{"x"', ['c1', 'a']);
    out.text('Then');
    call(out, 0, ':1}');
    out.finish('tool_calls');
  });
  expect((await streamOf('amid')).blocks).toEqual(['a:{"x":1}', 'text:Then']);
});

test('calls that all have the same number are told apart by their ids', async () => {
  upstream.script('same', (out) => {
    call(out, 0, '{"x":1}', ['c1', 'a']);
    call(out, 0, '{"y":2}', ['c2', 'b']);
    out.finish('tool_calls');
  });
  expect((await streamOf('same')).blocks).toEqual(['a:{"x":1}', 'b:{"y":2}']);
});

test('an empty piece that ends a call when the next has begun opens no block', async () => {
  upstream.script('ended', (out) => {
    call(out, 0, '{"x":1}', ['c1', 'a']);
    call(out, 1, '{"y":2}', ['c2', 'b']);
    call(out, 0, '');
    call(out, 1, '');
    out.finish('tool_calls');
  });
  expect((await streamOf('ended')).blocks).toEqual(['a:{"x":1}', 'b:{"y":2}']);
});

test('a call whose id comes behind its name is one call, and so is one with ever new ids', async () => {
  upstream.script('late', (out) => {
    out.choices(delta({ index: 0, function: { name: 'a', arguments: '{"x"' } }));
    out.choices(delta({ index: 0, id: 'c1', function: { arguments: ':' } }));
    out.choices(delta({ index: 0, id: 'c2', function: { arguments: '1}' } }));
    out.finish('tool_calls');
  });
  expect((await streamOf('late')).blocks).toEqual(['a:{"x":1}']);
});

test('a call that is never whole holds back no more than so much', async () => {
  upstream.script('never', (out) => {
    call(out, 0, '{"x"', ['c1', 'a']);
    for (let piece = 0; piece <= 10_000; piece++) out.text('on ');
    out.finish('stop');
  });
  expect((await streamOf('never')).error).toMatchObject({ code: 'provider_error' });
});

test('an answer that calls a tool stops for its use, though the provider just says stop', async () => {
  upstream.script('stop', (out) => {
    call(out, 0, '{}', ['c1', 'a']);
    out.finish('stop');
  });
  expect(await streamOf('stop')).toMatchObject({ blocks: ['a:{}'], reason: 'tool_use' });
});
