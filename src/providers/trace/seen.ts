import type { ChatChunk, Usage } from '../../core/chat.ts';
import { shownName } from '../../core/shown-name.ts';
import type { Attributes } from '../../core/tracer.ts';
import { usageOf } from '../../core/usage.ts';

/** What an answer tells of itself beside its text. */
export type Seen = {
  chunk(chunk: ChatChunk): void;
  /** A whole answer: a chat completion or a response. */
  body(bytes: Uint8Array): void;
  usage(usage: Usage): void;
  attributes(): Attributes;
};

/** Looks at an answer while it passes, and at nothing that it says. */
export function answerSeen(): Seen {
  const finishes = new Map<number, string>();
  let id: string | undefined;
  let model: string | undefined;
  let usage: Usage | undefined;

  function chunk(next: ChatChunk): void {
    id ??= text(next.id);
    model ??= text(next.model);
    usage = usageOf(next) ?? usage;
    for (const { index = 0, finish_reason } of next.choices) {
      if (finish_reason) finishes.set(index, finish_reason);
    }
  }

  return {
    chunk,
    body: (bytes) => {
      const { choices, status, ...answer } = parsed(bytes);
      chunk({ ...answer, usage: undefined, choices: Array.isArray(choices) ? choices : [] });
      if (typeof status === 'string') finishes.set(0, status);
    },
    usage: (told) => {
      usage = told;
    },
    attributes: () => ({
      'gen_ai.response.id': id,
      'gen_ai.response.model': model && shownName(model),
      'gen_ai.response.finish_reasons': finishes.size > 0 ? [...finishes.values()] : undefined,
      'gen_ai.usage.input_tokens': usage?.prompt_tokens,
      'gen_ai.usage.output_tokens': usage?.completion_tokens,
      'gen_ai.usage.cache_read.input_tokens': detail(usage, 'prompt', 'cached_tokens'),
      'gen_ai.usage.reasoning.output_tokens': detail(usage, 'completion', 'reasoning_tokens'),
    }),
  };
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A number in `prompt_tokens_details` or `completion_tokens_details`. */
function detail(
  usage: Usage | undefined,
  side: 'prompt' | 'completion',
  name: string,
): number | undefined {
  const details = usage?.[`${side}_tokens_details`];
  if (typeof details !== 'object' || details === null) return undefined;
  const value: unknown = Reflect.get(details, name);
  return typeof value === 'number' ? value : undefined;
}
