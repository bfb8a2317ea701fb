import type { ChatEvent, Usage } from '../core/chat.ts';
import { usageOf } from '../core/usage.ts';

/** Remembers the token counts of a stream that goes by. */
export type UsageWatch = {
  watch(events: AsyncIterable<ChatEvent>): AsyncIterable<ChatEvent>;
  usage(): Usage | undefined;
};

/** For one stream. */
export function usageWatch(): UsageWatch {
  let usage: Usage | undefined;
  return {
    usage: () => usage,
    watch: async function* (events) {
      for await (const event of events) {
        usage = usageOf(event.chunk) ?? usage;
        yield event;
      }
    },
  };
}
