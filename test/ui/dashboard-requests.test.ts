import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { seriousFindings } from './support/accessibility.ts';
import { lines, live, openBoard, panel } from './support/board.ts';
import { openBrowser, PHONE, picture } from './support/browser.ts';
import { MODEL, mixedTraffic, SMALL } from './support/traffic.ts';

const MARKUP = '<img src=x onerror=window.hurt=1>';

let cloud: Cloud;
let browser: Browser;
beforeAll(async () => {
  [cloud, browser] = await Promise.all([startCloud({ UNKNOWN_MODEL: 'error' }), openBrowser()]);
  await mixedTraffic(cloud);
});
afterAll(async () => {
  await browser.close();
  await cloud.stop();
});

/** A column's cells, from the top. */
const column = (page: Page, number: number) =>
  lines(page).locator(`td:nth-child(${number})`).allTextContents();

describe('recent requests', () => {
  it('are filtered by words and by outcome', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await live(page);
    const all = await lines(page).count();
    await page.getByRole('searchbox').fill('gpt-oss-20b cut');
    await expect.poll(() => lines(page).count()).toBe(1);
    expect(await lines(page).textContent()).toContain('rescued');
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Outcome').selectOption('Answered by another');
    await expect.poll(() => lines(page).count()).toBeLessThan(all);
    for (const outcome of await column(page, 4)) expect(outcome).toMatch(/fallback|rescued/);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No request fits the filter.').waitFor();
    await close();
  });

  it('are sorted by any column, either way', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await live(page);
    const tokens = async () => (await column(page, 5)).map((text) => Number(text.replace(',', '')));
    await page.getByRole('button', { name: 'Tokens' }).click();
    const falling = await tokens();
    expect(falling.length).toBeGreaterThan(10);
    expect(falling).toEqual([...falling].sort((one, other) => other - one));
    await page.getByRole('button', { name: 'Tokens' }).click();
    expect(await tokens()).toEqual([...falling].sort((one, other) => one - other));
    expect(await page.locator('th[aria-sort="ascending"]').textContent()).toContain('Tokens');
    await close();
  });

  it('show everything that is known of one, and give the focus back', async () => {
    const { page, close } = await openBoard(browser, cloud.server, PHONE);
    await live(page);
    await page.getByRole('searchbox').fill('cut');
    const line = lines(page).getByRole('button');
    await line.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Request' });
    await dialog.getByText(`groq/${SMALL}:cut`).waitFor();
    expect(await dialog.textContent()).toMatch(/req_[\w-]+/);
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, 'dashboard-request-light-phone');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.outerHTML')).toContain('<time');
    await close();
  });

  it('are saved as CSV, just those that the filter shows', async () => {
    const { page, close } = await openBoard(browser, cloud.server);
    await live(page);
    await page.getByRole('searchbox').fill(SMALL);
    await page.getByLabel('Outcome').selectOption('Answered by another');
    await expect.poll(() => lines(page).count()).toBeLessThan(6);
    const shown = await lines(page).count();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('requests.csv');
    const [head, ...rows] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(head).toMatch(/^time,route,model,.*,id$/);
    expect(rows).toHaveLength(shown);
    for (const row of rows) expect(row).toContain(`groq/${SMALL}`);
    await close();
  });

  it('never become markup, whatever model a caller asks for', async () => {
    await cloud.ask({ model: MARKUP });
    await cloud.ask({ model: `x${MARKUP}` }, { headers: { 'x-fallback': 'off' } });
    cloud.lab.script(MODEL, ['500-forever']);
    await cloud.ask({ models: [MARKUP, MODEL], stream: true });
    cloud.lab.reset();
    const { page, faults, close } = await openBoard(browser, cloud.server);
    await live(page);
    await lines(page).first().waitFor();
    await lines(page).first().getByRole('button').click();
    await page.getByRole('dialog', { name: 'Request' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(faults).toEqual([]);
    await close();
  });

  it('never become markup, even where the server itself were to send it', async () => {
    const { page, faults, close } = await openBoard(browser, cloud.server);
    await page.route('**/api/live', async (route) => {
      const answer = await cloudSnapshot(cloud);
      const poisoned = answer
        .replaceAll(MODEL, MARKUP.replaceAll('"', ''))
        .replaceAll('"served_by":"groq', `"served_by":"${MARKUP}groq`)
        .replaceAll(':503', `:${MARKUP}`);
      await route.fulfill({ contentType: 'text/event-stream', body: poisoned });
    });
    await page.reload();
    await panel(page, 'Recent requests').getByText(MARKUP).first().waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(faults).toEqual([]);
    await close();
  });
});

/** The first event of a live feed, as it travels. */
async function cloudSnapshot({ server }: Cloud): Promise<string> {
  const controller = new AbortController();
  const answer = await fetch(`${server.url}/api/live`, {
    headers: { 'x-api-key': await server.key() },
    signal: controller.signal,
  });
  let text = '';
  for await (const part of answer.body ?? []) {
    text += Buffer.from(part).toString();
    if (text.includes('\n\n')) break;
  }
  controller.abort();
  return text.slice(0, text.indexOf('\n\n') + 2);
}
