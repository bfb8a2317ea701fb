import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stop } from '../../src/core/stop.ts';

test('listeners hear of the abort once, and only the first reason counts', () => {
  const { signal, abort } = stop();
  const heard: unknown[] = [];
  signal.addEventListener('abort', () => heard.push(signal.reason), { once: true });
  abort('first');
  abort('second');
  expect(heard).toEqual(['first']);
  expect(signal.aborted).toBe(true);
  expect(() => signal.throwIfAborted()).toThrow('first');
});

test('a listener that was taken away hears nothing', () => {
  const { signal, abort } = stop();
  const heard: string[] = [];
  const listener = () => heard.push('aborted');
  signal.addEventListener('abort', listener);
  signal.removeEventListener('abort', listener);
  abort('over');
  expect(heard).toEqual([]);
});

test('a listener that another one takes away as it hears of the abort hears nothing', () => {
  const { signal, abort } = stop();
  const heard: string[] = [];
  const second = () => heard.push('second');
  signal.addEventListener('abort', () => {
    heard.push('first');
    signal.removeEventListener('abort', second);
  });
  signal.addEventListener('abort', second);
  abort('over');
  expect(heard).toEqual(['first']);
});

test('Node ends its own waits by it', async () => {
  const { signal, abort } = stop();
  const waits = [delay(60_000, undefined, { signal }), once(new EventEmitter(), 'x', { signal })];
  abort(new Error('over'));
  for (const wait of waits) await expect(wait).rejects.toMatchObject({ name: 'AbortError' });
});
