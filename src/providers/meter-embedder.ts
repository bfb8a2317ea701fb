import type { Embedder } from '../core/relay.ts';
import type { AttemptRecord } from '../core/tally.ts';
import { outcomeOf } from './meter.ts';

type Options = {
  /** As `x-served-by` names it. */
  readonly name: string;
  readonly onAttempt: (record: AttemptRecord) => void;
  readonly embedder: Embedder;
  readonly now?: () => number;
};

/** Counts every request for vectors, as `meter` counts chats. */
export function meterEmbedder({
  name,
  onAttempt,
  embedder,
  now = () => performance.now(),
}: Options): Embedder {
  return {
    embed: async (request, signal) => {
      const since = now();
      const tell = request.tally?.begin();
      const end = (outcome: AttemptRecord['outcome'], usage: AttemptRecord['usage']) => {
        const ms = now() - since;
        const firstTokenMs = usage ? ms : undefined;
        const record = { provider: name, outcome, usage, isEstimated: false, ms, firstTokenMs };
        onAttempt(record);
        tell?.(record);
      };
      try {
        const reply = await embedder.embed(request, signal);
        end('ok', { ...reply.usage, completion_tokens: 0 });
        return reply;
      } catch (error) {
        end(outcomeOf(error, signal), undefined);
        throw error;
      }
    },
  };
}
