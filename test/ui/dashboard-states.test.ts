import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { startServer } from '../support/server.ts';
import { seriousFindings } from './support/accessibility.ts';
import { lines, live, openBoard, panel } from './support/board.ts';
import { DESKTOP, NARROW, openBrowser, PHONE, picture, tooWide } from './support/browser.ts';
import { MODEL } from './support/traffic.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe('a dashboard that has nothing to show', () => {
  it.each([
    ['phone', 'dark', PHONE],
    ['desktop', 'light', DESKTOP],
  ] as const)('says so, panel by panel, on a %s', async (device, colorScheme, size) => {
    const server = await startServer();
    const { page, faults, close } = await openBoard(browser, server, { colorScheme, ...size });
    await live(page);
    await panel(page, 'Requests').getByText('No requests in the last hour.').waitFor();
    await panel(page, 'Limits').getByText('No Groq key is set.').waitFor();
    await page.getByText('Everything went as planned').waitFor();
    await page.getByText('No request has come yet.').waitFor();
    await page.getByText('no key set').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, `dashboard-empty-${colorScheme}-${device}`, { fullPage: true });
    expect(faults).toEqual([]);
    await close();
    await server.stop();
  });
});

describe('a dashboard', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud();
    await cloud.ask({ model: MODEL });
  });
  afterAll(() => cloud.stop());

  it('fits the narrowest screen', async () => {
    const { page, close } = await openBoard(browser, cloud.server, NARROW);
    await live(page);
    expect(await tooWide(page)).toEqual([]);
    await close();
  });

  it('shows its outline until the first figures come', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/api/live', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await page.locator('[aria-busy="true"]').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, 'dashboard-loading-light-desktop');
    release();
    await live(page);
    await lines(page).first().waitFor();
    await close();
  });

  it('shows a request seconds after it was answered, and its minute in the charts', async () => {
    const { page, faults, close } = await openBoard(browser, cloud.server);
    await live(page);
    const before = await lines(page).count();
    const figure = page.locator('.tile').first().locator('b');
    expect(await figure.textContent()).toBe(String(before));
    const sinceMs = performance.now();
    await cloud.ask({ model: MODEL });
    await expect.poll(() => lines(page).count(), { timeout: 10_000 }).toBe(before + 1);
    expect(performance.now() - sinceMs).toBeLessThan(10_000);
    await expect.poll(() => figure.textContent()).toBe(String(before + 1));
    expect(await panel(page, 'Requests').getByRole('img').getAttribute('aria-label')).toContain(
      `Answered ${before + 1}`,
    );
    expect(faults).toEqual([]);
    await close();
  });

  it('shows a breaker that opens, and that it has closed again', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await live(page);
    cloud.lab.script(MODEL, ['503-forever']);
    await cloud.ask({ model: MODEL });
    await cloud.ask({ model: MODEL });
    const health = panel(page, 'Health');
    await health.getByText('open', { exact: true }).waitFor();
    await page.getByText('A breaker opened').waitFor();
    await picture(page, 'dashboard-breaker-light-desktop', { fullPage: true });
    cloud.lab.reset();
    await expect
      .poll(
        async () => {
          await cloud.ask({ model: MODEL });
          return page.getByText('A breaker closed').count();
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toBe(1);
    await close();
  });

  it('says when there is no room, and comes back by itself', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    const refusal = {
      status: 503,
      headers: { 'retry-after': '2' },
      json: { error: { code: 'too_many_listeners', message: 'Too many people look.' } },
    };
    await page.route('**/api/live', (route) => route.fulfill(refusal));
    await page.reload();
    await page.getByRole('alert').getByText('Too many people look.').waitFor();
    await page.getByText('Trying again in').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, 'dashboard-refused-light-desktop');
    await page.unroute('**/api/live');
    await live(page);
    await close();
  });

  it('asks for the new key when the key has turned', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await live(page);
    const headers = { 'admin-secret': cloud.server.adminSecret };
    await fetch(`${cloud.server.url}/rotate-key`, { method: 'POST', headers });
    await page.getByText(/^The key has turned/).waitFor();
    await page.getByLabel('Key', { exact: true }).fill(await cloud.server.key());
    await page.keyboard.press('Enter');
    await live(page);
    await lines(page).first().waitFor();
    await close();
  });

  it('keeps what it knows and says how old it is when the server goes', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await live(page);
    await lines(page).first().waitFor();
    await cloud.server.stop();
    await page.getByText('Not live').waitFor();
    await page.getByText(/What is shown is from \d\d:\d\d:\d\d\./).waitFor();
    expect(await lines(page).count()).toBeGreaterThan(0);
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, 'dashboard-gone-light-desktop');
    await close();
  });
});
