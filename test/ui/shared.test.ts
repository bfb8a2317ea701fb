import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { seriousFindings } from './support/accessibility.ts';
import { LOOKS, openBrowser, openPage, picture } from './support/browser.ts';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe.each([
  ['/', 'chat'],
  ['/dashboard', 'dashboard'],
  ['/admin', 'admin'],
  ['/docs', 'docs'],
])('%s', (path, name) => {
  it.each(LOOKS)('opens in %s on a %s without a fault', async (colorScheme, device, size) => {
    const { page, faults, close } = await openPage(browser, { colorScheme, ...size });
    await page.goto(server.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await picture(page, `${name}-before-sign-in-${colorScheme}-${device}`);
    await close();
  });
});

describe('the key of the week', () => {
  it('signs in on every page of this browser, is kept, and is in no address', async () => {
    const { page, addresses, close } = await openPage(browser);
    const key = await server.key();
    await page.goto(`${server.url}/dashboard`);
    await page.getByLabel('Key', { exact: true }).fill(` ${key} `);
    await page.keyboard.press('Enter');
    await page.getByText(/^Key: ?\d+ d/).waitFor();
    await page.goto(server.url);
    await page.getByText(/^Key: ?\d+ d/).waitFor();
    expect(addresses.filter((address) => address.includes(key))).toEqual([]);
    await close();
  });

  it('is refused in words when it is wrong', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(`${server.url}/dashboard`);
    await page.getByLabel('Key', { exact: true }).fill('sk-no-key-of-this-server');
    await page.keyboard.press('Enter');
    await page.getByText('This API key is wrong.').waitFor();
    await close();
  });

  it('is told how long to wait after too many wrong ones', async () => {
    const { page, close } = await openPage(browser);
    await page.route('**/api/models', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '90' },
        json: { error: { code: 'too_many_failed_attempts', message: 'Too many wrong keys came.' } },
      }),
    );
    await page.goto(`${server.url}/dashboard`);
    await page.getByLabel('Key', { exact: true }).fill('sk-no-key-of-this-server');
    await page.keyboard.press('Enter');
    await page.getByText('Too many wrong keys came. (1 min 30 s)').waitFor();
    await close();
  });

  it('is forgotten on request, after a question', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(server.url);
    await page.getByLabel('Key', { exact: true }).fill(await server.key());
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('sk-');
    await close();
  });
});
