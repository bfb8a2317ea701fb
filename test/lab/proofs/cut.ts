import { expect } from 'vitest';
import type { Lab } from '../../../tools/lab/lab-contract.ts';
import { hear } from '../caller.ts';
import { chunks, contentOf, type Heard } from '../heard.ts';
import { streamed } from '../questions.ts';

import { finishes, full, isDone, type Proof } from './proof.ts';

/** A stream that is a true beginning of the answer without a finish reason or [DONE]. */
const truncated =
  (ending: Heard['ending'], complete: boolean): Proof =>
  async (lab, model) => {
    const heard = await hear({
      url: lab.url,
      body: streamed(model),
      until: complete ? 'complete' : 'ended',
    });
    expect({ ending: heard.ending, complete: heard.complete }).toEqual({ ending, complete });
    const text = contentOf(heard.body);
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThan(full(lab).length);
    expect(full(lab).startsWith(text)).toBe(true);
    expect(finishes(heard)).toEqual([]);
    expect(isDone(heard)).toBe(false);
  };

/** Cut where the bytes say, with that the text so far matching. */
const cutAt =
  (look: (text: string, heard: Heard, lab: Lab) => void): Proof =>
  async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model) });
    expect(heard).toMatchObject({ ending: 'fin', complete: false });
    expect(full(lab).startsWith(contentOf(heard.body))).toBe(true);
    look(contentOf(heard.body), heard, lab);
  };

/** What the faults of this family do on the wire. */
export const cutProofs: Readonly<Record<string, Proof>> = {
  cut: truncated('fin', false),
  'cut-clean': truncated('complete', true),
  'cut-fin': async (lab, model) => {
    const { ending, head, body } = await hear({ url: lab.url, body: streamed(model) });
    expect(ending).toBe('fin');
    expect(head).not.toMatch(/transfer-encoding|content-length/);
    expect(full(lab).startsWith(contentOf(body))).toBe(true);
  },
  'cut-reset': truncated('reset', false),
  'cut-in-word': cutAt((text, _heard, lab) => {
    expect(text).toMatch(/[a-z]$/);
    expect(full(lab)[text.length]).toMatch(/[a-z]/);
  }),
  'cut-in-surrogate': cutAt((heard) => expect(heard.charCodeAt(heard.length - 1) >> 10).toBe(0x36)),
  'cut-in-fence': cutAt((heard) => expect(heard).toMatch(/```ts\n$/)),
  'cut-in-character': cutAt((_, { body }) => {
    expect(body.at(-1)).toBeGreaterThanOrEqual(0xc0);
    expect(() => new TextDecoder('utf8', { fatal: true }).decode(body)).toThrow();
  }),
  'cut-in-event': cutAt((_, { body }) => expect(body.toString()).toMatch(/data: \{[^\n]+$/)),
  'cut-reasoning': async (lab) => {
    lab.script('openai/gpt-oss-20b', ['cut-reasoning:tokens=3']);
    const heard = await hear({ url: lab.url, body: streamed('openai/gpt-oss-20b') });
    expect(heard.ending).toBe('fin');
    expect(contentOf(heard.body)).toBe('');
    const thoughts = chunks(heard.body).flatMap(({ choices }) => choices[0].delta.reasoning ?? []);
    expect(thoughts).toHaveLength(3);
  },
  'cut-done': async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model) });
    expect(finishes(heard)).toEqual([]);
    expect(isDone(heard)).toBe(true);
    expect(full(lab).startsWith(contentOf(heard.body))).toBe(true);
  },
};
