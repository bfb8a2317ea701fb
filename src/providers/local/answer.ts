import { randomBytes } from 'node:crypto';
import { type ChatEvent, type ChunkDelta, eventOf, type Usage } from '../../core/chat.ts';
import type { Clock } from '../../core/clock.ts';
import type { ChosenLogprob, JobReport, ToolCall } from './protocol.ts';

type Finished = Extract<JobReport, { kind: 'finished' }>;

/** Writes one answer in OpenAI's shapes. */
export type AnswerWriter = {
  /** The first chunk of a stream: who speaks. */
  role(): ChatEvent;
  text(text: string, logprobs?: readonly ChosenLogprob[]): ChatEvent;
  calls(calls: readonly WrittenCall[]): ChatEvent;
  /** The last chunk with a choice: why it ends, and what it took. */
  finish(finished: Finished): ChatEvent;
  /** The chunk that `stream_options.include_usage` asks for. */
  usage(finished: Finished): ChatEvent;
  /** A whole `chat.completion`. */
  whole(answer: WholeAnswer, finished: Finished): Uint8Array;
};

/** Everything that was written, when nothing more comes. */
export type WholeAnswer = {
  readonly text: string;
  readonly calls: readonly WrittenCall[];
  /** Undefined where none were asked for. */
  readonly logprobs: readonly ChosenLogprob[] | undefined;
};

/** A tool call as OpenAI lists it. */
export type WrittenCall = {
  readonly id: string;
  readonly type: 'function';
  readonly function: ToolCall;
};

/** Gives a call its id. */
export function writtenCall(call: ToolCall): WrittenCall {
  return { id: `call_${randomBytes(12).toString('hex')}`, type: 'function', function: call };
}

/** @param model as the caller reads it: `local/lifeboat` */
export function answerWriter({ model, clock }: { model: string; clock: Clock }): AnswerWriter {
  const head = {
    id: `chatcmpl-${randomBytes(12).toString('hex')}`,
    created: Math.floor(clock.now() / 1000),
    model,
  };

  function chunk(
    delta: ChunkDelta,
    finishReason: string | null,
    more: { logprobs?: readonly ChosenLogprob[] | undefined; timings?: unknown } = {},
  ): ChatEvent {
    const { logprobs, ...rest } = more;
    const content = logprobs ? { logprobs: { content: logprobs } } : {};
    return eventOf({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, ...content, finish_reason: finishReason }],
      ...rest,
    });
  }

  return {
    role: () => chunk({ role: 'assistant', content: '' }, null),
    text: (text, logprobs) => chunk({ content: text }, null, { logprobs }),
    calls: (calls) => chunk({ tool_calls: calls.map((call, index) => ({ index, ...call })) }, null),
    finish: (finished) => chunk({}, finished.reason, { timings: finished.timings }),
    usage: (finished) =>
      eventOf({
        ...head,
        object: 'chat.completion.chunk',
        choices: [],
        usage: usageOf(finished),
        timings: finished.timings,
      }),
    whole: ({ text, calls, logprobs }, finished) =>
      Buffer.from(
        JSON.stringify({
          ...head,
          object: 'chat.completion',
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: calls.length > 0 && text === '' ? null : text,
                refusal: null,
                ...(calls.length > 0 ? { tool_calls: calls } : {}),
              },
              logprobs: logprobs ? { content: logprobs, refusal: null } : null,
              finish_reason: finished.reason,
            },
          ],
          usage: usageOf(finished),
          timings: finished.timings,
        }),
      ),
  };
}

/** Token counts in OpenAI's shape. */
export function usageOf({ promptTokens, completionTokens, cachedTokens }: Finished): Usage {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}
