import { expect, test } from 'vitest';
import type { ChatEvent } from '../../../src/core/chat.ts';
import { ApiError } from '../../../src/core/errors.ts';
import { relayedEvents } from '../../../src/http/shapes/responses/relayed.ts';

const error = new ApiError('provider_error', 'It broke off. Try again.');

/** Events with these numbers, each line ended in this way. */
async function failureAfter(numbers: readonly number[], lineEnd: string) {
  async function* events(): AsyncGenerator<ChatEvent> {
    for (const sequence_number of numbers) {
      const response = { id: 'resp_1', model: 'm', status: 'in_progress' };
      const data = JSON.stringify({ type: 'response.any', sequence_number, response });
      const raw = ['event: response.any', `data: ${data}`, '', ''].join(lineEnd);
      yield { raw: Buffer.from(raw), chunk: { choices: [] } };
    }
  }
  const relayed = relayedEvents(events());
  for await (const _ of relayed.events);
  const [, data = ''] = /^data: (.*)$/m.exec(relayed.failure(error) ?? '') ?? [];
  return JSON.parse(data || '{}');
}

test.for(['\n', '\r\n', '\r'])(
  'a broken stream fails under its own id, whatever its lines end with (%j)',
  async (lineEnd) => {
    expect(await failureAfter([0, 1], lineEnd)).toMatchObject({
      type: 'response.failed',
      sequence_number: 2,
      response: { id: 'resp_1', status: 'failed', error: { message: error.message } },
    });
  },
);

test('the failure has the number after the last, though an event before it was left out', async () => {
  expect(await failureAfter([0, 1, 2, 4, 5], '\n')).toMatchObject({ sequence_number: 6 });
});
