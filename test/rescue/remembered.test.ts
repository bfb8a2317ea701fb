import { expect, test } from 'vitest';
import type { ChunkDelta } from '../../src/core/chat.ts';
import { canGoOn, note, nothingDelivered } from '../../src/providers/rescue/delivered.ts';

const MIB = 2 ** 20;

/** What is remembered of a stream of these deltas, and whether somebody could carry it on. */
function after(...deltas: readonly ChunkDelta[]) {
  const delivered = nothingDelivered();
  for (const delta of deltas) note(delivered, { choices: [{ index: 0, delta }] });
  return { text: delivered.said.text.length, goesOn: canGoOn(delivered) };
}

test('the text so far is remembered as long as another model could carry it on', () => {
  const half = { content: 'a'.repeat(MIB / 2) };
  const call = { tool_calls: [{ index: 0, function: { name: 'look', arguments: '' } }] };
  expect(after(half, half)).toEqual({ text: MIB, goesOn: true });
  expect(after(half, half, { content: 'b' })).toEqual({ text: 0, goesOn: false });
  expect(after(half, half, { content: 'b' }, half)).toEqual({ text: 0, goesOn: false });
  expect(after(half, call)).toEqual({ text: 0, goesOn: false });
});
