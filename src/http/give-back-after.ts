import type { ServerResponse } from 'node:http';
import { afterwards } from '../core/afterwards.ts';
import { bodyMemory } from '../core/lent-memory.ts';

/**
 * Gives the memory of a body back once its answer is out and everybody has looked at it. That of a request
 * that failed, or whose caller hung up, is left to the garbage collector: somebody may still be sending it.
 */
export function giveBackAfter(response: ServerResponse, bytes: Uint8Array): void {
  if (!bodyMemory.lent(bytes)) return;
  response.on('close', () => {
    if (response.writableFinished && response.statusCode === 200) later(bytes);
  });
}

const later = afterwards<Uint8Array>((all) => {
  for (const bytes of all) bodyMemory.giveBack(bytes);
});
