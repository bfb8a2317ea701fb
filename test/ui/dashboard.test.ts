import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';
import { seriousFindings } from './support/accessibility.ts';
import { live, openBoard, panel } from './support/board.ts';
import { LOOKS, openBrowser, picture, tooWide } from './support/browser.ts';
import { keepHistory } from './support/history.ts';
import { MODEL, mixedTraffic, SMALL } from './support/traffic.ts';

let cloud: Cloud;
let browser: Browser;
const scratch = scratchFolder();
beforeAll(async () => {
  await keepHistory(scratch.path('data'));
  [cloud, browser] = await Promise.all([
    startCloud({
      DATA_DIR: scratch.path('data'),
      GROQ_LIMITS: `${MODEL}=30/1000/8000/200000,${SMALL}=30/1000/8000/200000`,
    }),
    openBrowser(),
  ]);
  await mixedTraffic(cloud);
});
afterAll(async () => {
  await browser.close();
  await cloud.stop();
  scratch.remove();
});

describe('the dashboard', () => {
  it.each(LOOKS)(
    'shows everything in %s on a %s without a fault',
    async (colorScheme, device, size) => {
      const { page, faults, addresses, close } = await openBoard(browser, cloud.server, {
        colorScheme,
        ...size,
      });
      await live(page);
      await panel(page, 'Requests').locator('canvas').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
      await picture(page, `dashboard-${colorScheme}-${device}`, { fullPage: true });
      await page.getByText('Last 31 days').click();
      await page.getByText('on average').first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await picture(page, `dashboard-month-${colorScheme}-${device}`, { fullPage: true });
      expect(faults).toEqual([]);
      const key = await cloud.server.key();
      expect(addresses.filter((address) => address.includes(key))).toEqual([]);
      await close();
    },
  );

  it('shows windows with the time to their reset', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    const limits = panel(page, 'Limits');
    await limits.getByRole('heading', { name: MODEL }).waitFor();
    await limits
      .getByText(/^resets in \d/)
      .first()
      .waitFor();
    expect(await limits.getByText('closed for').count()).toBe(0);
    expect(await limits.textContent()).toMatch(/Tokens\/min[\d.]+K? \/ 8K/);
    await close();
  });

  it('shows who answered, in the last hour and ever', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    const shares = panel(page, 'Who answered').getByRole('listitem');
    await shares.filter({ hasText: 'local/lifeboat' }).waitFor();
    const ofTheHour = await shares.allTextContents();
    expect(ofTheHour.join()).toMatch(new RegExp(`${MODEL}[\\s\\S]*${SMALL}[\\s\\S]*nobody`));
    await page.getByText('Last 31 days').click();
    await shares.filter({ hasText: '36,8' }).waitFor();
    await close();
  });

  it('puts fallbacks, rescues and failures on a time line', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    const timeline = panel(page, 'Fallbacks, rescues, breakers');
    await timeline.getByText('A broken stream was carried on').first().waitFor();
    for (const kind of ['fallback', 'rescue', 'failed']) {
      expect(await timeline.locator(`.lane .dot.${kind}`).count()).toBeGreaterThan(0);
    }
    await close();
  });

  it('goes by the time of the server where the clock of the browser is wrong', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await page.clock.install({ time: Date.now() + 3 * 60 * 60_000 });
    await page.reload();
    await live(page);
    const timeline = panel(page, 'Fallbacks, rescues, breakers');
    expect(await timeline.locator('.lane .dot.rescue').count()).toBeGreaterThan(0);
    expect(await panel(page, 'Health').textContent()).toMatch(/\d (ms|s|min \d+ s|min) old/);
    await close();
  });

  it('draws its charts when there is something new, and not each second', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await page.addInitScript(() => {
      const { clearRect } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.clearRect = function (...place) {
        performance.mark('drawn');
        clearRect.apply(this, place);
      };
    });
    await page.reload();
    await live(page);
    const drawn = await page.evaluate(async (watchedMs) => {
      const before = performance.getEntriesByName('drawn').length;
      await new Promise((resolve) => setTimeout(resolve, watchedMs));
      return performance.getEntriesByName('drawn').length - before;
    }, 4_000);
    // Five charts: once for a report, once for a minute that begins.
    expect(drawn).toBeLessThanOrEqual(10);
    await close();
  });

  it('tells the figures of a minute that somebody points at', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    const requests = panel(page, 'Requests');
    await requests.getByText('in all').waitFor();
    await requests.locator('.u-over').hover({ position: { x: 200, y: 60 } });
    const time = requests.getByText(/^\d\d:\d\d$/);
    await time.waitFor();
    expect(
      await panel(page, 'Latency')
        .getByText(/^\d\d:\d\d$/)
        .textContent(),
    ).toBe(await time.textContent());
    await close();
  });
});
