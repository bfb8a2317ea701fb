import type { ChatRequest } from '../../core/chat.ts';
import type { Clock } from '../../core/clock.ts';
import type { LocalModel } from './local.ts';

/** What a model can do on this machine. */
export type CheckedModel = {
  readonly loadMs: number | undefined;
  readonly memoryBytes: number;
  readonly contextSize: number | undefined;
  readonly answers: readonly CheckedAnswer[];
};

export type CheckedAnswer = {
  readonly prompt: string;
  readonly text: string;
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number | undefined;
};

const PROMPTS = [
  'Who are you?',
  'Explain in one sentence why the sky is blue.',
  'Write a friendly note of two lines to a colleague.',
];
const MOST_TOKENS = 64;

/** Lets a model answer three prompts, one after the other, and measures it. */
export async function checkModel(
  model: LocalModel,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<CheckedModel> {
  const answers: CheckedAnswer[] = [];
  for (const prompt of PROMPTS) answers.push(await answer(model, prompt, clock, signal));
  const { loadMs, memoryBytes, contextSize } = model.state();
  return { loadMs, memoryBytes, contextSize, answers };
}

async function answer(
  model: LocalModel,
  prompt: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<CheckedAnswer> {
  const started = clock.elapsed();
  const messages = [{ role: 'user', content: prompt }];
  const params = { messages, stream: true, max_tokens: MOST_TOKENS };
  const request: ChatRequest = { id: 'check', params, fallback: 'off' };
  const reply = await model.chat(request, signal);
  const firstTokenMs = clock.elapsed() - started;
  let text = '';
  if (reply.kind === 'stream') {
    for await (const { chunk } of reply.events) text += chunk.choices[0]?.delta?.content ?? '';
  }
  return { prompt, text, firstTokenMs, tokensPerSecond: model.state().decodePerSecond };
}
