import { afterAll, describe, expect, it } from 'vitest';
import { chunks, endingOf, streamed } from '../support/answer.ts';
import { continues, cutAfter, expectWhole, startTwoModels, whole } from '../support/two-models.ts';

const { carriedOn, cloud, upstream, stop } = await startTwoModels();
afterAll(stop);

describe('the seam between two models', () => {
  it.each([
    ['ha', 'haha, said the harbour'],
    ['1', '11 boats'],
    ['\n', '\n\nA harbour'],
    ['no no ', 'no no no no no, never'],
    ['----------------', '--------------------------------\nend'],
    [
      '= = = = = = = = = = = = = = ',
      '= = = = = = = = = = = = = = = = = = = = = = = = = = = = done',
    ],
  ])('keeps a text that repeats its own beginning (%j)', async (begun, text) => {
    expectWhole(await carriedOn(cutAfter(...begun), continues(text)), text);
  });

  it.each([
    ['The quiet', 'The quiet harbour'],
    ['The quiet harbour sleeps under', 'The quiet harbour sleeps under the moon.'],
  ])('swallows the beginning of one that starts over (%j)', async (begun, text) => {
    expectWhole(await carriedOn(cutAfter(begun), whole(...text)), text);
  });

  it('does not mind white space before a restart', async () => {
    const text = 'The quiet harbour sleeps under the moon.';
    const answer = await carriedOn(cutAfter(text.slice(0, 30)), whole('\n\n', ...text));
    expectWhole(answer, text);
  });

  it.each([
    ['The quiet harbour ', 'sleeps.'],
    ['The quiet harbour\n\n', '    - sleeps.'],
    ['  \n', '  The harbour.'],
  ])('neither doubles nor loses white space after %j', async (begun, rest) => {
    expectWhole(await carriedOn(cutAfter(begun), continues(begun + rest)), begun + rest);
  });

  it('takes a continuation whose first word needs no space of its own', async () => {
    const answer = await carriedOn(cutAfter('The quiet harbour '), whole('sleeps.'));
    expectWhole(answer, 'The quiet harbour sleeps.');
  });

  it('joins the halves of a character that fell apart', async () => {
    const answer = await carriedOn(cutAfter('Up we go \ud83d'), continues('Up we go 🚀 now'));
    expectWhole(answer, 'Up we go 🚀 now');
  });

  it('goes on from an answer that the caller began', async () => {
    upstream.script('begun-1', cutAfter(' quiet harbour'));
    upstream.script('begun-2', continues('The quiet harbour sleeps.'));
    const messages = [
      { role: 'user', content: 'Where are we?' },
      { role: 'assistant', content: 'The' },
    ];
    const asked = { prompt: undefined, messages, models: ['begun-1', 'begun-2'] };
    const answer = await cloud.stream(asked, { headers: { 'x-fallback': 'local-off' } });
    expectWhole(answer, ' quiet harbour sleeps.');
    expect(upstream.asked.at(-1)?.messages).toHaveLength(2);
  });

  it('takes a finish reason that comes with the last words', async () => {
    const answer = await carriedOn(cutAfter('The quiet harbour'), (out) => {
      out.choices({ index: 0, delta: { content: ' sleeps.' }, finish_reason: 'stop' });
      out.raw('[DONE]');
      out.end();
    });
    expectWhole(answer, 'The quiet harbour sleeps.');
  });

  it('keeps log probabilities beside their own text only', async () => {
    const told = (content: string) => ({
      delta: { content },
      logprobs: { content: [{ token: content }] },
    });
    const answer = await carriedOn(cutAfter('The quiet harbour sleeps un'), (out) => {
      for (const each of ['The quiet', ' harbour', ' sleeps', ' under', ' the', ' moon.'])
        out.choices({ index: 0, ...told(each) });
      out.finish();
    });
    expectWhole(answer, 'The quiet harbour sleeps under the moon.');
    const texts = chunks(answer).flatMap(({ choices }) => choices);
    const tokens = texts.map(({ delta, logprobs }) => [
      delta?.content,
      logprobs?.content[0]?.token,
    ]);
    expect(tokens.slice(1, 4)).toEqual([
      ['der', undefined],
      [' the', ' the'],
      [' moon.', ' moon.'],
    ]);
  });

  it('survives empty deltas, a role without content and missing deltas', async () => {
    const answer = await carriedOn(
      (out) => {
        out.choices({ index: 0, delta: { role: 'assistant', content: null } });
        out.choices({ index: 0, delta: { content: '' } });
        out.text('The quiet');
        out.choices({ index: 0 });
        out.choices({ index: 0, delta: null });
        out.cut();
      },
      (out) => {
        out.choices({ index: 0, delta: { role: 'assistant' } });
        out.choices({ index: 0 });
        out.text('', ' harbour');
        out.finish();
      },
    );
    expectWhole(answer, 'The quiet harbour');
  });

  it('leaves a second mind’s thoughts out, without a trace', async () => {
    const answer = await carriedOn(cutAfter('The quiet'), (out) => {
      out.choices({ index: 0, delta: { channel: 'analysis', reasoning: 'Hm.' } });
      out.text(' harbour');
      out.finish();
    });
    expectWhole(answer, 'The quiet harbour');
    expect(answer.text).not.toContain('analysis');
  });
});

describe('what can’t be joined ends with the error', () => {
  it('several choices', async () => {
    const answer = await carriedOn((out) => {
      out.choices({ index: 0, delta: { content: 'The' } }, { index: 1, delta: { content: 'A' } });
      out.choices({ index: 1, delta: { content: ' harbour' } });
      out.cut();
    }, whole('The harbour'));
    expect(endingOf(answer)).toBe('error');
    expect(upstream.asked).toHaveLength(1);
  });

  it('a text longer than a million characters', async () => {
    const line = 'The quiet harbour sleeps under the moon. '.repeat(400);
    const lines = Array.from({ length: 70 }, (_, index) => `${index} ${line}`);
    const answer = await carriedOn(cutAfter(...lines), continues(lines.join('')));
    expect(endingOf(answer)).toBe('error');
    expect(streamed(answer)).toBe(lines.join(''));
    expect(upstream.asked).toHaveLength(1);
  });

  it('one that a helper made so long: nobody begins anew behind it', async () => {
    const line = 'The quiet harbour sleeps under the moon. '.repeat(400);
    const lines = Array.from({ length: 70 }, (_, index) => `${index} ${line}`);
    const answer = await carriedOn(cutAfter(...lines.slice(0, 40)), cutAfter(...lines.slice(40)));
    expect(endingOf(answer)).toBe('error');
    expect(streamed(answer)).toBe(lines.join(''));
    expect(upstream.asked).toHaveLength(2);
  });

  it('a text that no one can continue, and names who was tried', async () => {
    const answer = await carriedOn(
      cutAfter('The quiet harbour sleeps under the moon.'),
      whole('The quiet harbour sleeps under another moon.'),
    );
    expect(endingOf(answer)).toBe('error');
    expect(streamed(answer)).toBe('The quiet harbour sleeps under the moon.');
    const told = /: x-fallback-trail (groq\/first-\d+:cut, groq\/second-\d+:prefill)\n/;
    expect(answer.text).toMatch(told);
    const trail = told.exec(answer.text)?.[1];
    const logged = () => cloud.server.output().includes(`"trail":"${trail}","`);
    await expect.poll(logged).toBe(true);
    const usage = await fetch(`${cloud.server.url}/api/usage?recent=1`, {
      headers: { 'x-api-key': await cloud.server.key() },
    });
    expect(await usage.json()).toMatchObject({ recent: [{ outcome: 'broken', trail }] });
  });
});

it('a delta that is no text is garbage, not an internal error', async () => {
  const answer = await carriedOn((out) => {
    out.text('The quiet');
    out.choices({ index: 0, delta: { content: 5 } });
    out.choices({ index: 0, delta: 'harbour' });
    out.cut();
  }, continues('The quiet harbour'));
  expectWhole(answer, 'The quiet harbour');
});

it('a finish reason that says error is no end', async () => {
  const answer = await carriedOn((out) => {
    out.text('The quiet');
    out.finish('error');
  }, continues('The quiet harbour'));
  expectWhole(answer, 'The quiet harbour');
});

it('usage that was sent before the cut is counted, and reported once', async () => {
  upstream.script('counts', (out) => {
    out.text('The', ' quiet');
    const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
    out.raw(JSON.stringify({ id: '1', created: 1, choices: [], usage }));
    out.cut();
  });
  upstream.script('goes-on', continues('The quiet harbour'));
  const models = ['counts', 'goes-on'];
  const answer = await cloud.stream({ models, stream_options: { include_usage: true } });
  expectWhole(answer, 'The quiet harbour');
  const usages = chunks(answer).flatMap(({ usage }) => (usage ? [usage] : []));
  expect(usages).toHaveLength(1);
  expect(usages[0]?.completion_tokens).toBe(2 + 5);
});

it('a rescuer’s usage that holds no counts is not made into one that lies', async () => {
  const answer = await carriedOn(cutAfter('The quiet'), (out) => {
    out.text('The quiet harbour');
    out.choices({ index: 0, delta: {}, finish_reason: 'stop' });
    out.raw('{"id":"1","choices":[{"index":0,"delta":{}}],"usage":{}}');
    out.raw('[DONE]');
    out.end();
  });
  expectWhole(answer, 'The quiet harbour');
  expect(answer.text).not.toContain('_tokens":null');
});

it('the halves of a stream that is cut again and again are all kept', async () => {
  const text = 'The quiet harbour sleeps under the moon, and nobody wakes it.';
  const models = ['a', 'b', 'c'].map((name) => `again-${name}`);
  for (const model of models) {
    upstream.script(model, (out, { messages }) => {
      const last = messages.at(-1);
      const prefill = last?.role === 'assistant' ? last.content : '';
      out.text(...text.slice(prefill.length, prefill.length + 12));
      out.cut();
    });
  }
  upstream.script('again-d', continues(text));
  const answer = await cloud.stream({ models: [...models, 'again-d'] });
  expectWhole(answer, text);
  expect(answer.text).toContain(
    'groq/again-a:cut, groq/again-b:cut, groq/again-c:cut, groq/again-d\n',
  );
});
