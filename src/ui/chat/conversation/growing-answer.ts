import type { StreamEvent } from '../../shared/event-reader.ts';
import { type Seam, withoutMarks } from '../markdown/seam.tsx';
import { type Answer, type Ending, newId } from './conversation.ts';

/** An answer while it comes in. */
export type GrowingAnswer = {
  /** Takes what the head of the stream told. */
  begin(head: Pick<Answer, 'servedBy' | 'trail'>): void;
  /** Takes what the server sent. */
  take(event: StreamEvent): void;
  /** The answer as it stands. */
  view(ending?: Ending): Answer;
  /** How it ended by its own account; undefined while it hasn't. */
  ending(): Ending | undefined;
};

type Chunk = {
  readonly model?: string;
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning?: string | null;
      readonly reasoning_content?: string | null;
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
  readonly error?: { readonly message?: string; readonly code?: string };
};

/** Makes an answer of nothing; it was asked for just now. */
export function growingAnswer(): GrowingAnswer {
  const id = newId();
  const at = Date.now();
  const askedAt = performance.now();
  let servedBy = '';
  let trail = '';
  let text = '';
  let reasoning = '';
  let model = '';
  const seams: Seam[] = [];
  let usage: Chunk['usage'];
  let firstMs: number | undefined;
  let lastMs: number | undefined;
  let finish: string | undefined;
  let isDone = false;
  let failure: Ending | undefined;

  function takeComment(comment: string): void {
    const [name, ...rest] = comment.split(' ');
    if (name === 'served-by') servedBy = rest.join(' ');
    if (name !== 'x-fallback-trail') return;
    trail = rest.join(' ');
    const last = trail.split(', ').at(-1) ?? '';
    if (finish) servedBy = last;
  }

  function takeChunk({ model: from, choices, usage: counted, error }: Chunk): void {
    if (error) {
      const { message = 'The answer broke off.', code = 'provider_error' } = error;
      failure = { kind: 'failed', code, message };
    }
    if (counted) usage = counted;
    const choice = choices?.[0];
    if (!choice) return;
    const words = withoutMarks(choice.delta?.content ?? '');
    const thought = choice.delta?.reasoning ?? choice.delta?.reasoning_content ?? '';
    if (words || thought) {
      lastMs = performance.now() - askedAt;
      firstMs ??= lastMs;
    }
    if (words && from) {
      if (model && model !== from && text) seams.push({ at: text.length, to: from });
      model = from;
    }
    text += words;
    reasoning += thought;
    finish = choice.finish_reason ?? finish;
  }

  return {
    begin: (head) => {
      ({ servedBy, trail } = head);
    },
    take: (event) => {
      if (event.kind === 'comment') takeComment(event.text);
      else if (event.data === '[DONE]') isDone = true;
      else takeChunk(JSON.parse(event.data) as Chunk);
    },
    ending: () => {
      if (failure) return failure;
      if (!isDone) return undefined;
      return { kind: finish === 'length' ? 'length' : 'whole' };
    },
    view: (ending = { kind: 'whole' }) => ({
      ...{ role: 'assistant', id, at, servedBy, trail, ending, firstMs, tookMs: lastMs },
      ...apart(text, reasoning, seams),
      promptTokens: usage?.prompt_tokens,
      answerTokens: usage?.completion_tokens,
    }),
  };
}

/** Some models write what they think into the answer, between tags, before it. */
function apart(text: string, reasoning: string, seams: readonly Seam[]) {
  const found = /^\s*<think>([\s\S]*?)(?:<\/think>\s*|$)/.exec(text);
  if (!found) return { text, reasoning, seams: [...seams] };
  const [{ length }, thought = ''] = found;
  return {
    text: text.slice(length),
    reasoning: reasoning + thought.trim(),
    seams: seams.map(({ at, to }) => ({ at: Math.max(0, at - length), to })),
  };
}
