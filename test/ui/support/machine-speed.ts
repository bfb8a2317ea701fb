import type { Browser } from 'playwright-core';

/** What the work below took where pages kept their bounds in time as they are (174 to 272 ms: 828 to 928 ms of 1,000). */
const USUAL_MS = 170;

const SAMPLES = 7;

/**
 * How many times slower than usual this machine is just now, 1 at least: builds and lays out a page of a
 * fixed size. Bounds in time are for a usual machine; a shared one drifts by a factor of two.
 */
export async function slowness(browser: Browser): Promise<number> {
  const page = await browser.newPage();
  const took = await page.evaluate((samples) => {
    const work = () => {
      const since = performance.now();
      const list = document.createElement('ul');
      for (let row = 0; row < 2_000; row += 1) {
        const item = document.createElement('li');
        item.append(`Row ${row} of a list, `, document.createElement('b'));
        list.append(item);
      }
      document.body.append(list);
      list.getBoundingClientRect();
      list.remove();
      return performance.now() - since;
    };
    return Array.from({ length: samples }, work);
  }, SAMPLES);
  await page.close();
  const [middle = USUAL_MS] = took.sort((one, other) => one - other).slice(SAMPLES >> 1);
  return Math.max(1, middle / USUAL_MS);
}
