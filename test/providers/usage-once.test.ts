import { expect, test } from 'vitest';
import { type ChatChunk, type ChatRequest, eventOf, type Usage } from '../../src/core/chat.ts';
import type { Provider } from '../../src/core/provider.ts';
import { usageOnce } from '../../src/providers/usage-once.ts';

const usage: Usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
const head = { servedBy: 'groq/x', trail: [], headers: {} };
const base = { id: 'chatcmpl-1', created: 5, model: 'x' };

const text = (content: string): ChatChunk => ({
  ...base,
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
});
const finish: ChatChunk = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

function streaming(chunks: readonly ChatChunk[]): Provider {
  async function* events() {
    for (const chunk of chunks) yield eventOf(chunk);
  }
  return { chat: async () => ({ ...head, kind: 'stream', events: events() }) };
}

function answering(body: object, usage?: Usage): Provider {
  const bytes = Buffer.from(JSON.stringify(body));
  return { chat: async () => ({ ...head, kind: 'whole', body: bytes, usage }) };
}

function request(includeUsage?: boolean): ChatRequest {
  const messages = [{ role: 'user', content: 'How are you today?' }];
  const options =
    includeUsage === undefined ? {} : { stream_options: { include_usage: includeUsage } };
  return { id: 'r', fallback: 'on', params: { messages, stream: true, ...options } };
}

async function heard(chunks: readonly ChatChunk[], includeUsage?: boolean): Promise<ChatChunk[]> {
  const signal = new AbortController().signal;
  const reply = await usageOnce()(streaming(chunks)).chat(request(includeUsage), signal);
  const all: ChatChunk[] = [];
  if (reply.kind === 'stream') for await (const { chunk } of reply.events) all.push(chunk);
  return all;
}

const reported: ChatChunk = { ...base, choices: [], usage };
const atGroq: ChatChunk = { ...finish, x_groq: { id: 'req_1', usage } };

test.for<[string, readonly ChatChunk[]]>([
  ['once', [text('Hi'), finish, reported]],
  ['twice', [text('Hi'), finish, reported, reported]],
  ['in x_groq only', [text('Hi'), atGroq]],
  ['in both', [text('Hi'), atGroq, reported]],
])('usage reported %s reaches the caller who asked as one last event', async ([, chunks]) => {
  const events = await heard(chunks, true);
  const last = events.at(-1);
  expect(events.filter(({ choices }) => choices.length === 0)).toHaveLength(1);
  expect(last).toMatchObject({ ...base, choices: [], usage });
  expect(last?.usage).not.toHaveProperty('estimated');
});

const bare: ChatChunk = { ...base, choices: text('Hi').choices };

test.for([true, false])(
  'usage beside a piece of the answer is left out (asked: %j)',
  async (asked) => {
    const counted = { ...text('Hi'), usage: { ...usage, completion_tokens: 1, total_tokens: 4 } };
    const events = await heard([counted, { ...finish, usage }, reported], asked);
    expect(events.slice(0, 2)).toEqual([bare, finish]);
    expect(events.slice(2)).toEqual(asked ? [reported] : []);
    const without = await heard([counted, { ...finish, usage }], asked);
    expect(without.slice(2)).toMatchObject(asked ? [{ ...base, choices: [], usage }] : []);
  },
);

test('a report of an earlier model doesn’t stand for a later one’s', async () => {
  const later = { prompt_tokens: 3, completion_tokens: 9, total_tokens: 12 };
  const events = await heard([text('Hi'), reported, { ...finish, usage: later }], true);
  expect(events.at(-1)?.usage).toEqual(later);
});

test('what was said after the last report is estimated on top of it', async () => {
  const events = await heard([text('Hi'), reported, text(' and welcome to you all'), finish], true);
  const counts = events.at(-1)?.usage;
  expect(counts).toMatchObject({ prompt_tokens: 3, estimated: true });
  expect(counts?.completion_tokens).toBeGreaterThan(4 + 2);
  expect(counts?.total_tokens).toBe(3 + (counts?.completion_tokens ?? 0));
});

test('usage that nobody reported is estimated, and marked so', async () => {
  const events = await heard([text('Fine, thank you.'), finish], true);
  const counts = events.at(-1)?.usage;
  expect(counts).toMatchObject({ estimated: true });
  expect(counts?.prompt_tokens).toBeGreaterThan(5);
  expect(counts?.prompt_tokens).toBeLessThan(15);
  expect(counts?.completion_tokens).toBeGreaterThan(2);
  expect(counts?.completion_tokens).toBeLessThan(9);
  expect(counts?.total_tokens).toBe(
    (counts?.prompt_tokens ?? 0) + (counts?.completion_tokens ?? 0),
  );
});

test.for([undefined, false])('a caller who did not ask (%j) gets none', async (asked) => {
  const events = await heard([text('Hi'), atGroq, reported, reported], asked);
  expect(events).toEqual([text('Hi'), atGroq]);
});

test('events without choices that report nothing are left out', async () => {
  const empty: ChatChunk = { ...base, choices: [] };
  expect(await heard([empty, text('Hi'), empty, finish])).toEqual([text('Hi'), finish]);
  expect(await heard([empty, text('Hi'), finish, reported], true)).toEqual([
    text('Hi'),
    finish,
    reported,
  ]);
});

async function wholeAnswer(provider: Provider) {
  const signal = new AbortController().signal;
  const asked: ChatRequest = { id: 'r', fallback: 'on', params: { messages: [] } };
  const reply = await usageOnce()(provider).chat(asked, signal);
  if (reply.kind !== 'whole') throw new Error('a stream');
  return { reply, body: JSON.parse(Buffer.from(reply.body).toString()) };
}

const answer = { ...base, choices: [{ index: 0, message: { content: 'Fine, thank you.' } }] };

test('a whole answer that reports its usage keeps its bytes', async () => {
  const provider = answering({ ...answer, usage }, usage);
  const given = await provider.chat(request(), new AbortController().signal);
  const { reply } = await wholeAnswer(provider);
  expect(reply.body).toBe(given.kind === 'whole' && given.body);
});

test("a whole answer without usage gets Groq's own, or a marked estimate", async () => {
  const own = await wholeAnswer(answering({ ...answer, x_groq: { usage } }));
  expect(own.body.usage).toEqual(usage);
  expect(own.reply.usage).toEqual(usage);
  const none = await wholeAnswer(answering(answer));
  expect(none.body.usage).toMatchObject({ estimated: true });
  expect(none.body.usage.completion_tokens).toBeGreaterThan(2);
  expect(none.body.choices).toEqual(answer.choices);
});
