import { expect } from 'vitest';
import { type Answer, endingOf, streamed } from './answer.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { type Play, type ScriptedUpstream, scriptedUpstream } from './scripted-upstream.ts';

/** A server and a provider of scripted models, for streams that one begins and another carries on. */
export type TwoModels = {
  readonly cloud: Cloud;
  readonly upstream: ScriptedUpstream;
  /** The local model is out of the game. */
  carriedOn(begins: Play, ...goesOn: Play[]): Promise<Answer>;
  stop(): Promise<void>;
};

/** Starts both, with the server's other settings. */
export async function startTwoModels(
  settings: Readonly<Record<string, string>> = {},
): Promise<TwoModels> {
  const upstream = await scriptedUpstream();
  const own = { GROQ_BASE_URL: upstream.url, BREAKER_PROBE_MS: '1' };
  const cloud = await startCloud({ ...own, ...settings });
  let runs = 0;
  return {
    cloud,
    upstream,
    carriedOn: async (begins, ...goesOn) => {
      // Names that no breaker and no limit knows yet.
      runs += 1;
      const models = [`first-${runs}`, `second-${runs}`];
      upstream.asked.length = 0;
      upstream.script(`first-${runs}`, begins);
      upstream.script(`second-${runs}`, ...goesOn);
      return cloud.stream({ models }, { headers: { 'x-fallback': 'local-off' } });
    },
    stop: async () => {
      await cloud.stop();
      await upstream.close();
    },
  };
}

/** Says these and breaks off. */
export const cutAfter =
  (...texts: string[]): Play =>
  (out) => {
    out.text(...texts);
    out.cut();
  };

/** Says these, and that was all. */
export const whole =
  (...texts: string[]): Play =>
  (out) => {
    out.text(...texts);
    out.finish();
  };

/** Continues a text as a model does that sees exactly what was prefilled. */
export const continues =
  (text: string): Play =>
  (out, { messages }) => {
    const last = messages.at(-1);
    const prefill = last?.role === 'assistant' ? last.content : '';
    const rest = text.startsWith(prefill) ? text.slice(prefill.length) : ' [not my text]';
    out.text(...rest);
    out.finish();
  };

/** The caller got this text, properly ended. */
export function expectWhole(answer: Answer, text: string): void {
  expect(streamed(answer)).toBe(text);
  expect(endingOf(answer)).toBe('whole');
}
