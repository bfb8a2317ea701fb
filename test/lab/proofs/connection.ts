import { expect } from 'vitest';
import { hear } from '../caller.ts';
import { contentOf } from '../heard.ts';
import { question, streamed } from '../questions.ts';

import { full, type Proof, silentAfter, wholeAnswer } from './proof.ts';

const closes =
  (ending: 'fin' | 'reset', raw: string | RegExp): Proof =>
  async (lab, model) => {
    const heard = await hear({ url: lab.url, body: question(model) });
    expect(heard.ending).toBe(ending);
    expect(heard.raw.toString('latin1')).toMatch(raw);
    const expected = { fin: 'closed', reset: 'reset' }[ending];
    await lab.until(([attempt]) => attempt?.end === expected);
  };

/** What the faults of this family do on the wire. */
export const connectionProofs: Readonly<Record<string, Proof>> = {
  healthy: wholeAnswer,
  interim: async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model), quietMs: 120 });
    expect(heard.raw.toString('latin1')).toMatch(
      /^HTTP\/1\.1 103 .*\r\n[\s\S]*\r\n\r\nHTTP\/1\.1 200 OK/,
    );
  },
  leaves: async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model), until: 'ended' });
    expect(heard).toMatchObject({ ending: 'fin', complete: true });
    expect(heard.head).not.toContain('connection: close');
  },
  reset: closes('reset', /^$/),
  fin: closes('fin', /^$/),
  'half-headers': silentAfter(({ raw }) =>
    expect(raw.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*str$/),
  ),
  'not-http': closes('fin', /ESMTP/),
  silent: silentAfter(({ raw }) => expect(raw).toHaveLength(0)),
  late: async (lab) => {
    const heard = await hear({ url: lab.url, body: streamed('lab/late:ms=80') });
    expect(contentOf(heard.body)).toBe(full(lab));
    const [attempt] = lab.attempts;
    expect((attempt?.firstByteAtMs ?? 0) - (attempt?.readAtMs ?? 0)).toBeGreaterThanOrEqual(79);
  },
  'late-first-token': async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model), quietMs: 120 });
    expect(heard).toMatchObject({ status: 200, ending: 'silence' });
    expect(heard.body).toHaveLength(0);
    const late = await hear({ url: lab.url, body: streamed('lab/late-first-token:ms=60,role=1') });
    expect(contentOf(late.body)).toBe(full(lab));
    const whole = await hear({ url: lab.url, body: question('lab/late-first-token:ms=60') });
    expect(JSON.parse(whole.body.toString()).choices[0].message.content).toBe(full(lab));
  },
  'headers-only': silentAfter(({ status: code, body }) => {
    expect(code).toBe(200);
    expect(body).toHaveLength(0);
  }),
  down: async (lab) => {
    const model = 'lab/down:ms=150,how=reset';
    expect((await hear({ url: lab.url, body: streamed(model) })).ending).toBe('reset');
    const [first] = lab.attempts;
    let answered = await hear({ url: lab.url, body: streamed(model) });
    while (answered.ending === 'reset')
      answered = await hear({ url: lab.url, body: streamed(model) });
    expect(contentOf(answered.body)).toBe(full(lab));
    const last = lab.attempts.at(-1);
    expect((last?.arrivedAtMs ?? 0) - (first?.arrivedAtMs ?? 0)).toBeGreaterThanOrEqual(150);
  },
  'prefill-refused': async (lab, model) => {
    await wholeAnswer(lab, model);
    const prefilled = question(model).messages.concat({ role: 'assistant', content: 'x' });
    const heard = await hear({ url: lab.url, body: { model, messages: prefilled } });
    expect(heard.status).toBe(400);
  },
  'prefill-ignored': async (lab, model) => {
    const content = full(lab).slice(0, 30);
    const messages = question(model).messages.concat({ role: 'assistant', content });
    const heard = await hear({ url: lab.url, body: { model, messages } });
    expect(JSON.parse(heard.body.toString()).choices[0].message.content).toBe(full(lab));
  },
  'prefill-echoed': async (lab, model) => {
    const content = full(lab).split(' ').slice(0, 8).join(' ');
    const messages = question(model).messages.concat({ role: 'assistant', content });
    const heard = await hear({ url: lab.url, body: { model, messages } });
    const said: string = JSON.parse(heard.body.toString()).choices[0].message.content;
    const echo = content.split(' ').slice(-3).join(' ');
    expect(said).toBe(echo + full(lab).slice(content.length));
  },
  'restart-departs': async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model) });
    const [same] = contentOf(heard.body).split(' departs');
    expect(same?.length).toBeGreaterThan(10);
    expect(full(lab).startsWith(same ?? '-')).toBe(true);
    expect(contentOf(heard.body)).not.toBe(full(lab));
  },
};
