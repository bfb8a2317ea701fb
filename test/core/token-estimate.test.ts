import { expect, test } from 'vitest';
import { estimatePromptTokens, estimateTokens } from '../../src/core/token-estimate.ts';

// Counted with o200k, the tokenizer of gpt-oss.
test.for<[number, string]>([
  [
    38,
    'The quick brown fox jumps over the lazy dog, and then it goes home to sleep for a while, because foxes are tired after a long day of jumping over all of those dogs.',
  ],
  [
    46,
    'Die Würde des Menschen ist unantastbar. Sie zu achten und zu schützen ist Verpflichtung aller staatlichen Gewalt. Das deutsche Volk bekennt sich darum zu unverletzlichen und unveräußerlichen Menschenrechten.',
  ],
  [
    42,
    '人工智能是计算机科学的一个分支,它企图了解智能的实质,并生产出一种新的能以人类智能相似的方式做出反应的智能机器。',
  ],
])('%i tokens are estimated within a fifth', ([tokens, text]) => {
  expect(Math.abs(estimateTokens(text) - tokens)).toBeLessThan(tokens * 0.2);
});

test('an image counts by its kind, not by its bytes', () => {
  const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
  const content = [{ type: 'image_url', image_url: { url } }];
  expect(estimatePromptTokens({ messages: [{ content }] })).toBeLessThan(2_000);
});

test('tools and calls count as well', () => {
  const bare = estimatePromptTokens({ messages: [{ content: 'Hi' }] });
  const tools = [{ type: 'function', function: { name: 'weather', description: 'x'.repeat(400) } }];
  expect(estimatePromptTokens({ messages: [{ content: 'Hi' }], tools })).toBeGreaterThan(bare + 90);
});
