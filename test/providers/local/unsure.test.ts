import { afterAll, describe, expect, it } from 'vitest';
import { brokenIn } from '../../lifeboat/broken.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, chatRequest, eventsOf, modelFor, never, textOf } from '../../support/local-model.ts';

const childPath = await builtChild('unsure');
const lifeboat = modelFor({ childPath });
/** The same file under a name whose profile lets it say whatever comes to its mind. */
const unguarded = modelFor({ childPath, modelName: 'unguarded' });
afterAll(() => Promise.all([lifeboat.close(), unguarded.close()]));

/** Names and words that it was never taught. */
const ODD = [
  'capital city of Eswatini',
  'name the seven dwarfs',
  'opposite of generous',
  'what is a bond',
  'This is Grzegorz speaking',
  'chemical symbol for einsteinium',
  'what is the opposite of transparent',
  'spell onomatopoeia',
];
const UNSURE = /^I don't know that\b/;

const chat = (content: string) => ({ messages: [{ role: 'user', content }], temperature: 0 });
const answers = (model: typeof lifeboat) =>
  ODD.reduce<Promise<string[]>>(async (before, content) => {
    const said = await before;
    return [...said, (await ask(model, chat(content))).choices[0].message.content];
  }, Promise.resolve([]));
const mangled = (said: readonly string[]) =>
  said.filter((answer, at) => brokenIn(answer, [ODD[at] ?? '']) !== undefined);

/** A question that it is unsure of; which one depends on how it was trained. */
async function unsureQuestion(): Promise<string> {
  const said = await answers(lifeboat);
  const raw = await answers(unguarded);
  const at = said.findIndex(
    (answer, index) => UNSURE.test(answer) && !UNSURE.test(raw[index] ?? ''),
  );
  const question = ODD[at];
  if (question === undefined) throw new Error('the model is sure of everything');
  return question;
}

describe('a model that is unsure', () => {
  it('says so instead of mangled words', async () => {
    expect(mangled(await answers(unguarded))).not.toEqual([]);
    expect(mangled(await answers(lifeboat))).toEqual([]);
  });

  it('goes on in its own words, and ends like any answer', async () => {
    const { choices, usage } = await ask(lifeboat, chat(await unsureQuestion()));
    expect(choices[0].message.content).toMatch(/^I don't know that: .*cloud model is back\.$/);
    expect(choices[0].finish_reason).toBe('stop');
    expect(usage.completion_tokens).toBeLessThan(choices[0].message.content.length);
  });

  it('streams the same words, and takes nothing back', async () => {
    const params = chat(await unsureQuestion());
    const whole = await ask(lifeboat, params);
    const reply = await lifeboat.chat(chatRequest({ ...params, stream: true }), never());
    expect(textOf(await eventsOf(reply))).toBe(whole.choices[0].message.content);
  });

  it('keeps to the length, the stop strings and the log probabilities that were asked for', async () => {
    const params = chat(await unsureQuestion());
    const short = await ask(lifeboat, { ...params, max_tokens: 3 });
    expect(short.choices[0].finish_reason).toBe('length');
    expect(short.usage.completion_tokens).toBe(3);
    const stopped = await ask(lifeboat, { ...params, stop: ' small' });
    expect(stopped.choices[0].message.content).toBe("I don't know that: I'm a");
    const explained = await ask(lifeboat, { ...params, logprobs: true });
    const { message, logprobs } = explained.choices[0];
    expect(message.content).toMatch(UNSURE);
    expect(logprobs?.content.map(({ token }) => token).join('')).toBe(message.content);
  });

  it('knows nothing of it in the next answer', async () => {
    const sure = chat('What is the capital of France?');
    const before = await ask(lifeboat, sure);
    await ask(lifeboat, chat(await unsureQuestion()));
    expect((await ask(lifeboat, sure)).choices).toEqual(before.choices);
  });

  it('still asks the questions of its jokes, of which it has many', async () => {
    const { choices } = await ask(lifeboat, chat('Tell me a joke'));
    expect(choices[0].message.content).toMatch(/\? \w/);
  });

  it('says what it was told to say by JSON, a bias or a beginning', async () => {
    const question = await unsureQuestion();
    const json = { ...chat(question), response_format: { type: 'json_object' } };
    expect((await ask(lifeboat, json)).choices[0].message.content).toMatch(/^\s*\{/);
    const raw = (await ask(unguarded, chat(question))).choices[0].message.content;
    const biased = await ask(lifeboat, { ...chat(question), logit_bias: { '5': -1 } });
    expect(biased.choices[0].message.content).toBe(raw);
    const begun = [
      { role: 'user', content: question },
      { role: 'assistant', content: 'It' },
    ];
    const { choices } = await ask(lifeboat, { messages: begun, temperature: 0 });
    expect(choices[0].message.content).not.toMatch(UNSURE);
  });
});
