import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage, PHONE } from './support/browser.ts';
import { ended, openChat, say } from './support/chat.ts';
import { chatFixture, LARGE } from './support/chat-fixture.ts';
import { RICH_ANSWER } from './support/document.ts';
import { slowness } from './support/machine-speed.ts';

const on = chatFixture();

/** At 400 pixels each: as fast as a thumb flings. */
const SCROLLED_FRAMES = 200;

/** Slow 4G, as browsers' tools define it. */
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1024 * 1024) / 8,
  uploadThroughput: (750 * 1024) / 8,
};

/** Seconds that the page's own thread has worked so far: what else the machine does is left out. */
async function workMeter(page: Page): Promise<() => Promise<number>> {
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await tools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
}

// What else the machine does only ever adds: each counts at its best.
const MEASURED = { retry: 4 };

describe('a slow phone', MEASURED, () => {
  it.each(['/', '/dashboard', '/admin', '/docs'])('shows %s within a second', async (path) => {
    const { page, close } = await openPage(on.browser, PHONE);
    const tools = await page.context().newCDPSession(page);
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', SLOW_4G);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto(on.cloud.server.url + path);
    const painted = await page.evaluate(async () => {
      const read = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
      while (read() === undefined) await new Promise(requestAnimationFrame);
      return read();
    });
    expect(painted).toBeLessThan(1000 * (await slowness(on.browser)));
    await close();
  });
});

describe('a long answer', MEASURED, () => {
  it('of 10,000 tokens comes in without holding up the page', async () => {
    const { page, close } = await openPage(on.browser, PHONE);
    const sentence = ['The', ' harbour', ' lay', ' *quiet*', ' in', ' the', ' morning', '.', ' '];
    on.upstream.script(LARGE, async (out) => {
      for (let sent = 0; sent < 10_000; sent += 1) {
        out.text(sent % 90 === 89 ? '\n\n' : (sentence[sent % sentence.length] ?? ''));
        if (sent % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      out.finish();
    });
    await openChat(page, on.cloud);
    const worked = await workMeter(page);
    const before = await worked();
    const frames = page.evaluate(async () => {
      const gaps: number[] = [];
      let last = performance.now();
      while (!document.querySelector('.answer[aria-busy="false"]')) {
        await new Promise(requestAnimationFrame);
        gaps.push(performance.now() - last);
        last = performance.now();
      }
      return gaps.slice(1).sort((one, other) => one - other);
    });
    await say(page, 'At length');
    const gaps = await frames;
    const late = gaps.filter((gap) => gap > 50).length;
    const workedMs = 1000 * ((await worked()) - before);
    const perFrameMs = workedMs / gaps.length;
    const text = await ended(page).last().locator('.markdown').textContent();
    expect(text?.length).toBeGreaterThan(40_000);
    const slower = await slowness(on.browser);
    expect(late / gaps.length).toBeLessThan(0.02 * slower);
    expect(perFrameMs).toBeLessThan(10 * slower);
    await close();
  });
});

describe('a long conversation', MEASURED, () => {
  it('of 500 turns opens, scrolls and goes on at once', async () => {
    const { page, close } = await openPage(on.browser, PHONE);
    await openChat(page, on.cloud);
    const turns = Array.from({ length: 500 }, (_, index) =>
      index % 2 === 0
        ? { role: 'user', text: `Question ${index}`, at: index }
        : { role: 'assistant', text: `Answer ${index}\n\n${RICH_ANSWER}`, at: index },
    );
    const file = {
      format: 'keyturn-conversations',
      version: 1,
      conversations: [{ title: 'Long', turns }],
    };
    const buffer = Buffer.from(JSON.stringify(file));
    const upload = { name: 'long.json', mimeType: 'application/json', buffer };
    await page.getByLabel('File of conversations').setInputFiles(upload);
    await page.getByRole('button', { name: 'Conversations' }).click();
    const worked = await workMeter(page);
    const since = await worked();
    await page.getByRole('link', { name: 'Long' }).click();
    await page.getByText('Answer 499').waitFor();
    const opened = await worked();
    const scroller = page.locator('.scroller');
    await scroller.evaluate(async (element, frames) => {
      for (let frame = 0; frame < frames; frame += 1) {
        element.scrollTop -= 400;
        await new Promise(requestAnimationFrame);
      }
    }, SCROLLED_FRAMES);
    const scrolled = await worked();
    await say(page, 'And now?');
    await page.getByText('All is well.').waitFor();
    const openingMs = 1000 * (opened - since);
    const perFrameMs = (1000 * (scrolled - opened)) / SCROLLED_FRAMES;
    const slower = await slowness(on.browser);
    expect(openingMs).toBeLessThan(1_000 * slower);
    expect(perFrameMs).toBeLessThan(16 * slower);
    await close();
  });
});
