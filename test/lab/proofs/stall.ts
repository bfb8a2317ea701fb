import { expect } from 'vitest';
import { hear } from '../caller.ts';
import { chunks, contentOf, type Heard } from '../heard.ts';
import { question, streamed } from '../questions.ts';

import { finishes, full, isDone, type Proof, silentAfter, wholeAnswer } from './proof.ts';

const inband =
  (look: (heard: Heard) => void): Proof =>
  async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model) });
    expect(heard).toMatchObject({ status: 200, ending: 'complete' });
    expect(contentOf(heard.body).length).toBeGreaterThan(20);
    expect(full(lab).startsWith(contentOf(heard.body))).toBe(true);
    look(heard);
    const whole = await hear({ url: lab.url, body: question(model) });
    expect(whole.status).toBe(200);
    expect(JSON.parse(whole.body.toString())).toHaveProperty('error');
  };

/** What the faults of this family do on the wire. */
export const stallProofs: Readonly<Record<string, Proof>> = {
  stall: async (lab, model) => {
    await silentAfter(({ body }) => {
      expect(contentOf(body).length).toBeGreaterThan(20);
      expect(full(lab).startsWith(contentOf(body))).toBe(true);
    })(lab, model);
    await wholeAnswer(lab, 'lab/stall:ms=40');
  },
  'stall-pings': async (lab, model) => {
    const url = lab.url;
    const heard = await hear({ url, body: streamed(`${model}:every=30`), quietMs: 20 });
    expect(heard.ending).toBe('silence');
    lab.script('pinged', ['stall-pings:every=1']);
    const talk = hear({ url, body: streamed('pinged'), until: 'ended' });
    const pinged = () => lab.attempts.at(-1)?.bytesSent ?? 0;
    await lab.until(() => lab.attempts.length === 2 && pinged() > 3300);
    const before = pinged();
    await lab.until(() => pinged() > before + 50);
    await lab.close();
    expect((await talk).body.toString()).toMatch(/(: ping\n\n){5,}$/);
  },
  'stall-finish': silentAfter((heard) => {
    expect(finishes(heard)).toEqual(['stop']);
    expect(isDone(heard)).toBe(false);
  }),
  slow: async (lab) => {
    const body = streamed('lab/slow:gap=10,answerTokens=6');
    const heard = await hear({ url: lab.url, body });
    expect(contentOf(heard.body)).toBe(lab.expected('Tell me of the harbour.', { tokens: 6 }));
    const [attempt] = lab.attempts;
    expect((attempt?.finishedAtMs ?? 0) - (attempt?.readAtMs ?? 0)).toBeGreaterThanOrEqual(55);
  },
  'inband-data': inband((heard) => {
    expect(chunks(heard.body).at(-1)).toHaveProperty('error.message');
    expect(isDone(heard)).toBe(false);
  }),
  'inband-event': inband(({ body }) =>
    expect(body.toString()).toMatch(/\nevent: error\ndata: \{"error":/),
  ),
  'inband-x-groq': inband((heard) => {
    expect(chunks(heard.body).at(-1)?.x_groq.error).toBe('over_capacity');
    expect(finishes(heard)).toEqual([]);
  }),
  'inband-x-groq-stop': inband((heard) => {
    expect(chunks(heard.body).at(-1)?.x_groq.error).toBe('over_capacity');
    expect(finishes(heard)).toEqual(['stop']);
    expect(isDone(heard)).toBe(true);
  }),
  'inband-done': inband((heard) => {
    expect(chunks(heard.body).at(-1)).toHaveProperty('error.message');
    expect(isDone(heard)).toBe(true);
  }),
};
