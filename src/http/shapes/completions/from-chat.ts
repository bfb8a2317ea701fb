import { type ChatEvent, eventOf, type Usage } from '../../../core/chat.ts';
import type { Completion } from '../completion.ts';
import { legacyLogprobs } from './logprobs.ts';

/** Chat answers, one a prompt, as one `text_completion`. */
export function legacyCompletion(
  answers: readonly { readonly prompt: string; readonly completion: Completion }[],
  echo: boolean,
) {
  const first = answers[0]?.completion;
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
    model: first?.model,
    choices: choices.map((choice, index) => ({ ...choice, index })),
    usage: sum(answers.map(({ completion }) => completion.usage)),
  };
}

/** Says of one prompt's chat stream what a stream of legacy completions says. */
export async function* legacyEvents(
  events: AsyncIterable<ChatEvent>,
  { prompt, index, onUsage }: { prompt: string; index: number; onUsage: (usage: Usage) => void },
): AsyncGenerator<ChatEvent, void, void> {
  let before: string | undefined = prompt;
  let offset = 0;
  for await (const { chunk } of events) {
    if (chunk.usage) onUsage(chunk.usage);
    const [choice] = chunk.choices;
    const said = choice?.delta?.content ?? '';
    if (!choice || (said === '' && !choice.finish_reason)) continue;
    const text = `${before ?? ''}${said}`;
    offset += before?.length ?? 0;
    before = undefined;
    const logprobs = legacyLogprobs(choice['logprobs'], offset);
    offset += said.length;
    const { id, created, model } = chunk;
    const head = { id: legacyId(id), object: 'text_completion', created, model };
    const finish_reason = choice.finish_reason ?? null;
    yield eventOf({ ...head, choices: [{ text, index, logprobs, finish_reason }] });
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
