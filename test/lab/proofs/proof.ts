import { expect } from 'vitest';
import type { Lab } from '../../../tools/lab/lab-contract.ts';
import { hear } from '../caller.ts';
import { chunks, contentOf, type Heard, payloads } from '../heard.ts';
import { streamed } from '../questions.ts';

/** Shows on the wire that a model of that name misbehaves as its fault says. */
export type Proof = (lab: Lab, model: string) => Promise<void>;

/** The whole answer to the question of these tests. */
export const full = (lab: Lab) => lab.expected('Tell me of the harbour.');

/** All finish reasons of a stream. */
export const finishes = ({ body }: Heard) =>
  chunks(body).flatMap((chunk) => chunk?.choices?.[0]?.finish_reason ?? []);

/** Whether [DONE] ended the stream. */
export const isDone = ({ body }: Heard) => payloads(body).at(-1) === '[DONE]';

/** The stream is whole and right. */
export const wholeAnswer: Proof = async (lab, model) => {
  const heard = await hear({ url: lab.url, body: streamed(model) });
  expect(heard).toMatchObject({ status: 200, ending: 'complete' });
  expect(contentOf(heard.body)).toBe(full(lab));
  expect(finishes(heard)).toEqual(['stop']);
};

/** The lab falls silent with the socket open, until the caller leaves. */
export const silentAfter =
  (look: (heard: Heard, lab: Lab) => void, name = ''): Proof =>
  async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model + name), quietMs: 120 });
    expect(heard.ending).toBe('silence');
    look(heard, lab);
    await lab.until(([attempt]) => attempt?.end === 'hung-up');
  };

/** The stream's bytes as text look so, and the answer ends so. */
export const text =
  (look: (body: string, lab: Lab) => void, ending: Heard['ending'] = 'complete'): Proof =>
  async (lab, model) => {
    const heard = await hear({
      ...{ url: lab.url, body: streamed(model) },
      ...(ending === 'silence' && { quietMs: 120, until: 'ended' as const }),
    });
    expect(heard).toMatchObject({ status: 200, ending });
    look(heard.body.toString(), lab);
  };
