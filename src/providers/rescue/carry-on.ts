import { AttemptError } from '../../core/attempt.ts';
import { type ChatChunk, type ChatEvent, type ChatRequest, eventOf } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import type { Ending, Reply } from '../../core/provider.ts';
import type { TrailEntry } from '../../core/trail.ts';
import { requestFor, type Way } from './continuation.ts';
import {
  type Delivered,
  isWhole,
  note,
  type Spent,
  withoutLogprobs,
  withText,
  withTotals,
} from './delivered.ts';
import { continuationSeam, extensionSeam, restartSeam, type Seam, type SeamPiece } from './seam.ts';
import { wholeCharacters } from './whole-characters.ts';

/** Who might carry a stream on, and in which ways it may be asked. */
export type Helper = {
  /** @param deadline when the first token must be there, in the clock's milliseconds. */
  readonly ask: (request: ChatRequest, signal: AbortSignal, deadline: number) => Promise<Reply>;
  readonly name: string;
  readonly waysFor: (delivered: Delivered) => readonly Way[];
};

/** Who answers in the end, and whom that took: grows while a stream is carried on. */
export type GrowingEnding = Ending & { servedBy: string; trail: Ending['trail'][number][] };

export type Broken = {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly delivered: Delivered;
  readonly ending: GrowingEnding;
};

/** Carries a broken stream on with one helper. Returns true when the answer was finished. */
export async function* carryOn(
  helper: Helper,
  broken: Broken,
  deadline: number,
): AsyncGenerator<ChatEvent, boolean, void> {
  for (const way of helper.waysFor(broken.delivered)) {
    const outcome = yield* carryOnInOneWay(way, helper, broken, deadline);
    if (outcome !== 'refused') return outcome === 'finished';
  }
  tried(broken.ending, { provider: helper.name, cause: 'prefill' });
  return false;
}

/** Adds to the trail; one entry a provider, the first. */
export function tried({ trail }: GrowingEnding, entry: TrailEntry): void {
  if (!trail.some(({ provider }) => provider === entry.provider)) trail.push(entry);
}

const SEAMS: Record<Way, (sent: string) => Seam> = {
  continue: continuationSeam,
  extend: extensionSeam,
  restart: restartSeam,
};

type Outcome = 'finished' | 'failed' | 'refused';

async function* carryOnInOneWay(
  way: Way,
  helper: Helper,
  broken: Broken,
  deadline: number,
): AsyncGenerator<ChatEvent, Outcome, void> {
  const { request, signal, delivered } = broken;
  const spent = spentBefore(way, delivered);
  const seam = SEAMS[way](delivered.said.text);
  /** A model that is gone has its successor answer. */
  let { name } = helper;
  try {
    const reply = await helper.ask(requestFor(way, request, delivered), signal, deadline);
    if (reply.kind === 'whole') throw new Error('a whole reply to a stream');
    name = reply.servedBy;
    const showsReasoning = delivered.reasoningTokens === 0 && delivered.said.length === 0;
    for await (const { chunk } of wholeCharacters(reply.events)) {
      const next = joined(withTotals(chunk, spent), seam, showsReasoning);
      if (next === 'departed') return 'refused';
      if (!next) continue;
      const { id = next.id, created = next.created } = delivered;
      const event = eventOf({ ...next, id, created });
      note(delivered, event.chunk);
      yield event;
    }
    return finished(name, broken);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return outcomeOf(error, name, broken);
  }
}

function finished(name: string, { ending }: Broken): Outcome {
  ending.servedBy = name;
  return 'finished';
}

function outcomeOf(error: unknown, name: string, broken: Broken): Outcome {
  const { delivered, ending } = broken;
  if (error instanceof AttemptError) {
    if (isWhole(delivered)) return finished(name, broken);
    tried(ending, { provider: name, cause: error.attemptCause });
    return 'failed';
  }
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 400 || error.status === 422) return 'refused';
  for (const entry of error.trail) tried(ending, entry);
  return 'failed';
}

/** A prefill counts as prompt at the provider, but it is our answer. */
function spentBefore(way: Way, { said, textTokens, reasoningTokens }: Delivered): Spent {
  return {
    completionTokens: textTokens + reasoningTokens,
    prefillTokens: way !== 'restart' && said.length > 0 ? textTokens : 0,
  };
}

/**
 * A helper's chunk as it goes on in the caller's stream: without a second role, without what was
 * said already. Reasoning of a second mind is left out. Undefined when nothing is left of it.
 */
function joined(
  chunk: ChatChunk,
  seam: Seam,
  showsReasoning: boolean,
): ChatChunk | 'departed' | undefined {
  const [choice] = chunk.choices;
  if (!choice) return chunk;
  const { role: _role, content, reasoning, ...delta } = choice.delta ?? {};
  const pieces: SeamPiece[] = [];
  if (content) pieces.push(seam.take(content));
  if (choice.finish_reason) pieces.push(seam.end());
  if (pieces.some(({ kind }) => kind === 'departed')) return 'departed';
  const text = pieces.map((piece) => (piece.kind === 'emit' ? piece.text : '')).join('');
  const shown = showsReasoning && reasoning ? { ...delta, reasoning } : delta;
  const isThought = Boolean(reasoning) && !showsReasoning;
  const isEmpty = isThought || Object.keys(shown).length === 0;
  if (!text && !choice.finish_reason && isEmpty) return undefined;
  const told = text === (content ?? '') ? choice : withoutLogprobs(choice);
  const next = { ...chunk, choices: [{ ...told, delta: shown }] };
  return text ? withText(next, text) : next;
}
