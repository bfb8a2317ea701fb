import { AttemptError } from '../core/attempt.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import type { Relay } from '../core/relay.ts';
import { AUDIO_MODELS } from './groq/model-table.ts';
import type { Upload } from './groq/upload.ts';

type Options = {
  readonly clock: Clock;
  /** How long a request may wait for its turn, all attempts together. */
  readonly wholeMs: number;
};

/** The road of files: one model of the provider's, no chain, no local model. */
export function uploadRoad(uploads: Provider | undefined, { clock, wholeMs }: Options): Relay {
  return {
    relay: async (relayed, signal) => {
      if (!uploads) throw needsCloud();
      const { id, model, tally, span } = relayed;
      // Until its form names another, a recording is held to be for Groq's usual model.
      const params = { messages: [], model: model() ?? AUDIO_MODELS[0] };
      const deadline = clock.elapsed() + wholeMs;
      const head = { id, params, fallback: 'off', deadline, tally, span } as const;
      const upload: Upload = { ...head, relayed, progress: {} };
      const reply = await uploads.chat(upload, signal).catch((error) => {
        throw error instanceof AttemptError ? error.answer : error;
      });
      if (reply.kind !== 'stream') throw new Error('a file that is no stream');
      return { servedBy: reply.servedBy, headers: reply.headers, body: bytesOf(reply.events) };
    },
  };
}

async function* bytesOf(events: AsyncIterable<{ readonly raw: Uint8Array }>) {
  for await (const { raw } of events) yield raw;
}

function needsCloud(): ApiError {
  return new ApiError(
    'provider_unavailable',
    'Audio is served by Groq, and this server has no GROQ_API_KEY. The local model only chats.',
  );
}
