import { expect, it } from 'vitest';
import { type ChatEvent, eventOf } from '../../../src/core/chat.ts';
import { anthropicEvents } from '../../../src/http/shapes/anthropic/events.ts';
import { eventWriter, responseEvents } from '../../../src/http/shapes/responses/events.ts';
import { responseHead } from '../../../src/http/shapes/responses/response.ts';
import { usageWatch } from '../../../src/http/usage-watch.ts';

const options = { model: 'm', inputTokens: 1, showsThinking: false };

it.each([
  ['a message', (events: AsyncIterable<ChatEvent>) => anthropicEvents(events, options)],
  [
    'a response',
    (events: AsyncIterable<ChatEvent>) =>
      responseEvents(events, responseHead({ input: 'hi' }, 'm'), eventWriter()),
  ],
])(
  'whoever hangs up at the first event of %s leaves the provider’s as well',
  async (_what, shaped) => {
    let isLeft = false;
    async function* provided(): AsyncGenerator<ChatEvent, void, void> {
      try {
        for (;;) yield eventOf({ choices: [{ index: 0, delta: { content: 'ho ' } }] });
      } finally {
        isLeft = true;
      }
    }
    for await (const event of shaped(usageWatch().watch(provided()))) {
      expect(event).toMatch(/"type":"(message_start|response\.created)"/);
      break;
    }
    expect(isLeft).toBe(true);
  },
);
