import { signal } from '@preact/signals';
import { CallError, messageOf } from '../../shared/call.ts';
import { connection } from '../../shared/connection.ts';
import { readEvents } from '../../shared/event-reader.ts';
import { callWithKey } from '../../shared/key.ts';
import { announce, say } from '../../shared/messages.tsx';
import { refreshModels, shortName } from '../models.ts';
import {
  type Answer,
  type Conversation,
  type Ending,
  messagesOf,
  NEW_TITLE,
  newPrompt,
  type Turn,
  titleOf,
} from './conversation.ts';
import { addressOf, change, conversation, running, store } from './desk.ts';
import { type GrowingAnswer, growingAnswer } from './growing-answer.ts';
import { perFrame } from './per-frame.ts';
import { keep, read } from './shelf.ts';

const CHAT = '/v1/chat/completions';
const KEEP_EVERY_MS = 2_000;

/** Whether the conversation on the desk can be gone on with now. */
export const canAsk = (): boolean =>
  connection.value === 'online' && !running.value.has(conversation.value.id);

/** Says something in the conversation on the desk, and waits for the answer. */
export async function send(text: string): Promise<void> {
  const before = conversation.value;
  const isFirst = before.turns.length === 0;
  const title = isFirst && before.title === NEW_TITLE ? titleOf(text) : before.title;
  if (isFirst) history.pushState(null, '', addressOf(before.id));
  await ask({ ...before, title, turns: [...before.turns, newPrompt(text)] });
}

/**
 * Asks for the answer at `index` once more; it and all that came after it goes, unless no new one
 * begins.
 */
export async function retry(index: number): Promise<void> {
  const before = conversation.value;
  const { turns } = before;
  await ask({ ...before, turns: turns.slice(0, index) }, turns.slice(index));
}

/** Says the prompt at `index` in other words; all that came after it goes. */
export async function resend(index: number, text: string): Promise<void> {
  const before = conversation.value;
  await ask({ ...before, turns: [...before.turns.slice(0, index), newPrompt(text)] });
}

/** Stops the answer that comes into the conversation on the desk; what came stays. */
export function stop(): void {
  running.value.get(conversation.value.id)?.stop();
}

async function ask(asked: Conversation, replaced: readonly Turn[] = []): Promise<void> {
  const { id } = asked;
  if (running.value.has(id)) return;
  const given = new AbortController();
  const growing = growingAnswer();
  const answer = signal<Answer>(growing.view());
  running.value = new Map(running.value).set(id, {
    answer,
    soFar: () => growing.view(),
    stop: () => given.abort(),
  });
  conversation.value = { ...asked, changedAt: Date.now() };
  void store(conversation.value);
  const draw = perFrame(() => {
    answer.value = growing.view();
  });
  const keeping = setInterval(() => void keepBeginning(id), KEEP_EVERY_MS);
  const ending = await listen(asked, given.signal, growing, draw.soon);
  clearInterval(keeping);
  draw.cancel();
  await finish(id, growing.view(ending), replaced);
}

/** Reads the answer to its end, and says how it ended. */
async function listen(
  asked: Conversation,
  signal: AbortSignal,
  growing: GrowingAnswer,
  draw: () => void,
): Promise<Ending> {
  try {
    const response = await callWithKey(CHAT, { method: 'POST', body: bodyOf(asked), signal });
    growing.begin({
      servedBy: response.headers.get('x-served-by') ?? '',
      trail: response.headers.get('x-fallback-trail') ?? '',
    });
    if (!response.body) throw new CallError('broken', 'The answer had no content.');
    for await (const events of readEvents(response.body)) {
      for (const event of events) growing.take(event);
      draw();
    }
    const message = 'The answer broke off before it was whole.';
    return growing.ending() ?? { kind: 'failed', code: 'broken', message };
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    if (error instanceof CallError) {
      return { kind: 'failed', code: error.code, message: messageOf(error) };
    }
    const message = 'The connection broke before the answer was whole.';
    return { kind: 'failed', code: 'connection', message };
  }
}

function bodyOf(asked: Conversation) {
  const { model, temperature, maxTokens } = asked.settings;
  return {
    ...(model ? { model } : {}),
    messages: messagesOf(asked),
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { max_completion_tokens: maxTokens }),
  };
}

async function finish(id: string, answer: Answer, replaced: readonly Turn[]): Promise<void> {
  const kept = change(id, (before) => ({
    ...before,
    changedAt: Date.now(),
    turns: turnsWith(before.turns, answer, replaced),
  }));
  const rest = new Map(running.value);
  rest.delete(id);
  running.value = rest;
  tellEnd(answer);
  await Promise.all([kept, refreshModels()]);
}

function turnsWith(turns: readonly Turn[], answer: Answer, replaced: readonly Turn[]): Turn[] {
  const { text, reasoning, ending } = answer;
  if (text || reasoning) return withAnswer(turns, answer);
  if (replaced.some((turn) => turn.text)) {
    if (ending.kind === 'failed') say(ending.message);
    return [...turns, ...replaced];
  }
  return ending.kind === 'stopped' ? [...turns] : withAnswer(turns, answer);
}

/** A page that was hidden has kept the answer's beginning already. */
function withAnswer(turns: readonly Turn[], answer: Answer): Turn[] {
  return [...turns.filter(({ id }) => id !== answer.id), answer];
}

/** Keeps what has come of the answers under way: the page may be gone before they end. */
export async function keepBeginnings(): Promise<void> {
  await Promise.all([...running.value.keys()].map(keepBeginning));
}

async function keepBeginning(id: string): Promise<void> {
  const answer = running.value.get(id)?.soFar();
  if (!answer?.text) return;
  const message = 'The page was closed before the answer was whole.';
  const ending = { kind: 'failed', code: 'closed', message } as const;
  const isOpen = conversation.value.id === id;
  const before = isOpen ? conversation.value : await read(id).catch(() => undefined);
  if (!before || !running.value.has(id)) return;
  const turns = withAnswer(before.turns, { ...answer, ending });
  await keep({ ...before, turns }).catch(() => undefined);
}

/** For those who don't see it end. */
function tellEnd({ ending, servedBy }: Answer): void {
  if (ending.kind === 'stopped') announce('Stopped');
  else if (ending.kind !== 'failed') announce(`Answered by ${shortName(servedBy)}`);
}
