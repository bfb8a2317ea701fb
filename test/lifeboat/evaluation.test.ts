import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../src/providers/local/local.ts';
import { builtChild } from '../support/local-child.ts';
import { ask, modelFor } from '../support/local-model.ts';
import { brokenIn } from './broken.ts';

type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };
type Group = { readonly prompts: readonly string[]; readonly expect: string };
type Dialogue = {
  readonly system?: string;
  readonly turns: readonly (readonly [prompt: string, expected: string])[];
};
type Share = { readonly right: number; readonly of: number };
type Figures = {
  readonly single_turn: Share;
  readonly out_of_scope_refused: Share;
  readonly first_turns: Share;
  readonly later_turns: Share;
};

/** How far a figure may lie below the model card's, in percentage points. */
const SLACK_POINTS = 2;
const TIME_LIMIT_MS = 60_000;

const folder = new URL('../../models/lifeboat/evaluation/', import.meta.url);
function read<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

const card = read<Figures>('result');

let model: LocalModel;
beforeAll(async () => {
  model = modelFor({ childPath: await builtChild('evaluation') });
});
afterAll(() => model.close());

async function said(messages: readonly Message[]): Promise<string> {
  return (await ask(model, { messages, temperature: 0 })).choices[0].message.content;
}

/** Counts right answers; the broken ones are the test's failure. */
function tally() {
  const wrong: string[] = [];
  const broken: string[] = [];
  let asked = 0;
  return {
    wrong,
    broken,
    add(heard: readonly string[], answer: string, expected: string): void {
      const prompt = heard.at(-1);
      asked += 1;
      if (!new RegExp(expected, 'i').test(answer)) wrong.push(`${prompt} -> ${answer}`);
      const what = brokenIn(answer, heard);
      if (what !== undefined) broken.push(`${what}: ${prompt} -> ${answer}`);
    },
    asked: () => asked,
  };
}

async function single({ prompts, expect: expected }: Group, into: ReturnType<typeof tally>) {
  for (const content of prompts) {
    into.add([content], await said([{ role: 'user', content }]), expected);
  }
}

/** One answer may always differ: on another CPU the last bits of the sums do. */
function holds({ broken, wrong, asked }: ReturnType<typeof tally>, { right, of }: Share): void {
  expect(broken).toEqual([]);
  expect(asked()).toBe(of);
  const mayFail = of - right + Math.max(1, Math.floor((of * SLACK_POINTS) / 100));
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(mayFail);
}

describe('the embedded model keeps to the figures of its card', { timeout: TIME_LIMIT_MS }, () => {
  it('on single questions of all intents', async () => {
    const figures = tally();
    for (const group of read<{ groups: Group[] }>('single-turn').groups) {
      await single(group, figures);
    }
    holds(figures, card.single_turn);
  });

  it('on questions that it must decline', async () => {
    const figures = tally();
    await single(read<Group>('out-of-scope'), figures);
    holds(figures, card.out_of_scope_refused);
  });

  it('in dialogues, with its own answers as their history', async () => {
    const first = tally();
    const later = tally();
    for (const { system, turns } of read<{ dialogues: Dialogue[] }>('multi-turn').dialogues) {
      const messages: Message[] = system ? [{ role: 'system', content: system }] : [];
      for (const [at, [content, expected]] of turns.entries()) {
        messages.push({ role: 'user', content });
        const answer = await said(messages);
        const heard = messages
          .filter(({ role }) => role !== 'assistant')
          .map((each) => each.content);
        messages.push({ role: 'assistant', content: answer });
        (at === 0 ? first : later).add(heard, answer, expected);
      }
    }
    holds(first, card.first_turns);
    holds(later, card.later_turns);
  });
});
