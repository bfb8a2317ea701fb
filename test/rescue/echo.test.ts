import { afterAll, describe, it } from 'vitest';
import { continues, cutAfter, expectWhole, startTwoModels, whole } from '../support/two-models.ts';

const { carriedOn, stop } = await startTwoModels();
afterAll(stop);

describe('a rescuer that says the last words again', () => {
  it.each([
    [
      'The quiet harbour sleeps under the moon',
      'harbour sleeps under the moon tonight.',
      ' tonight.',
    ],
    [
      'The quiet harbour sleeps under the moon',
      ' harbour sleeps under the moon tonight.',
      ' tonight.',
    ],
    [
      'The quiet harbour sleeps under the moon ',
      'harbour sleeps under the moon tonight.',
      'tonight.',
    ],
    ['The quiet harbour sleeps under the mo', 'harbour sleeps under the moonlight.', 'onlight.'],
    ['A boat.\n\nThe quiet harbour sleeps un', 'The quiet harbour sleeps under.', 'der.'],
  ])('swallows the last words where they are said again (%j, %j)', async (begun, next, rest) => {
    expectWhole(await carriedOn(cutAfter(begun), whole(...next)), begun + rest);
  });

  it.each([
    ['z14 z15 z16 z17', 'z16 z17 z18', ' z18'],
    ['z14 z15 z16 z17', ' z17 z18', ' z18'],
    ['z14 z15 z16 z17 ', 'z17 z18', 'z18'],
    ['z14 z15 z16 z1', 'z16 z17 z18', '7 z18'],
    ['The quiet har', 'harbour sleeps.', 'bour sleeps.'],
    ['All is quiet. Nobody wakes th', ' Nobody wakes the boats.', 'e boats.'],
    ['The quiet har', 'The moon shines.', 'bour sleeps.'],
    ['Hi!\n\nThe quiet harbour sleeps und', 'Hi! The quiet harbour sleeps under.', 'er.'],
    ['# Harbour\n\nIt sleeps, quiet as the moon', '\n# Harbour\nIt sleeps, quiet as a boat.', '.'],
    ['The quiet\nharbour', '\n\nThe  quiet harbour sleeps.', ' sleeps.'],
  ])('asks from the start where words may be doubled (%j, %j)', async (begun, next, rest) => {
    const text = begun + rest;
    expectWhole(await carriedOn(cutAfter(begun), whole(...next), whole(...text)), text);
  });

  it.each([
    ['It was very', ' very quiet.'],
    ['Here the quiet harbour sleeps.\n', 'Here  the quiet boats wake.'],
    ['It was so', ' somewhere quiet.'],
    ['Ha ha ha', ' ha ha ha!'],
    ['Row, row, row your boat, row your boat,', ' row your boat, gently.'],
    ['She works at Git', 'Hub today.'],
    ['```js\nconst a = get', 'Element (1);\n```'],
  ])('keeps what only looks so (%j, %j)', async (begun, rest) => {
    const text = begun + rest;
    expectWhole(await carriedOn(cutAfter(begun), continues(text), whole(...text)), text);
  });
});
