import { type ChatChunk, type ChatEvent, eventOf, type Usage } from '../../../core/chat.ts';
import type { Completion } from '../completion.ts';
import { legacyLogprobs } from './logprobs.ts';

/** Chat answers, one a prompt, as one `text_completion`. */
export function legacyCompletion(
  answers: readonly { readonly prompt: string; readonly completion: Completion }[],
  echo: boolean,
) {
  const first = answers[0]?.completion;
  const last = answers.at(-1)?.completion;
  const choices = answers.flatMap(({ prompt, completion }) =>
    completion.choices.map(({ message, logprobs, finish_reason }) => {
      const before = echo ? prompt : '';
      const text = `${before}${message.content ?? ''}`;
      return { text, logprobs: legacyLogprobs(logprobs, before.length), finish_reason };
    }),
  );
  return {
    id: legacyId(first?.id),
    object: 'text_completion',
    created: first?.created,
    model: last?.model,
    choices: choices.map((choice, index) => ({ ...choice, index })),
    usage: sum(answers.map(({ completion }) => completion.usage)),
  };
}

type Place = {
  readonly prompt: string;
  /** The number of the prompt's first answer, among those of all prompts. */
  readonly index: number;
  readonly onUsage: (usage: Usage) => void;
  /** Of the stream that it is a part of. */
  readonly name?: Pick<ChatChunk, 'id' | 'created'> | undefined;
};

/** Says of one prompt's chat stream what a stream of legacy completions says. */
export async function* legacyEvents(
  events: AsyncIterable<ChatEvent>,
  { prompt, index, onUsage, name }: Place,
): AsyncGenerator<ChatEvent, void, void> {
  /** Characters that each answer has so far. */
  const lengths = new Map<number, number>();
  for await (const { chunk } of events) {
    if (chunk.usage) onUsage(chunk.usage);
    const choices = chunk.choices.flatMap((choice) => {
      const said = choice.delta?.content ?? '';
      if (said === '' && !choice.finish_reason) return [];
      const number = typeof choice['index'] === 'number' ? choice['index'] : 0;
      const before = lengths.has(number) ? '' : prompt;
      const offset = (lengths.get(number) ?? 0) + before.length;
      lengths.set(number, offset + said.length);
      const logprobs = legacyLogprobs(choice['logprobs'], offset);
      const finish_reason = choice.finish_reason ?? null;
      return [{ text: `${before}${said}`, index: index + number, logprobs, finish_reason }];
    });
    if (choices.length === 0) continue;
    const { id, created } = name ?? chunk;
    const { model } = chunk;
    yield eventOf({ id: legacyId(id), object: 'text_completion', created, model, choices });
  }
}

/** The event that `stream_options.include_usage` asks for. */
export function legacyUsageEvent(last: ChatEvent | undefined, usages: readonly Usage[]): ChatEvent {
  const { id, created, model } = last?.chunk ?? {};
  return eventOf({
    id,
    object: 'text_completion',
    created,
    model,
    choices: [],
    usage: sum(usages),
  });
}

/** Some providers number their answers. */
function legacyId(id: string | number | null | undefined): string | undefined {
  return id?.toString().replace(/^chatcmpl-/, 'cmpl-');
}

/** One prompt's own counts as they are; those of several added up. */
function sum(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const known = usages.filter((usage) => usage !== undefined);
  const [first] = known;
  if (!first || known.length === 1) return first;
  const total = (field: 'prompt_tokens' | 'completion_tokens' | 'total_tokens') =>
    known.reduce((count, usage) => count + usage[field], 0);
  return {
    prompt_tokens: total('prompt_tokens'),
    completion_tokens: total('completion_tokens'),
    total_tokens: total('total_tokens'),
    ...(known.some(({ estimated }) => estimated === true) ? { estimated: true } : {}),
  };
}
