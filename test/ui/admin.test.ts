import readCode from 'jsqr';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { seriousFindings } from './support/accessibility.ts';
import {
  DESKTOP,
  LOOKS,
  NARROW,
  openBrowser,
  openPage,
  picture,
  tooWide,
  type WatchedPage,
} from './support/browser.ts';

let cloud: Cloud;
let browser: Browser;
beforeAll(async () => {
  [cloud, browser] = await Promise.all([
    startCloud({ ROTATION_WEBHOOK_URL: 'http://127.0.0.1:9/hook' }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await cloud.stop();
});

/** The admin page, with the secret typed in. */
async function openAdmin(options: Parameters<typeof openPage>[1] = DESKTOP): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${cloud.server.url}/admin`);
  await signIn(watched.page, cloud.server.adminSecret);
  await watched.page.getByRole('heading', { name: 'The key of the week' }).waitFor();
  return watched;
}

async function signIn(page: Page, secret: string): Promise<void> {
  await page.getByLabel('Admin secret').fill(secret);
  await page.keyboard.press('Enter');
}

const findings = (page: Page) => page.locator('.findings li');

describe('the admin page', () => {
  it.each(LOOKS)(
    'shows everything in %s on a %s without a fault',
    async (colorScheme, device, size) => {
      await fetch(`${cloud.server.url}/v1/models`, { headers: { 'x-api-key': 'sk-wrong' } });
      const { page, faults, addresses, close } = await openAdmin({ colorScheme, ...size });
      await findings(page).first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
      await picture(page, `admin-${colorScheme}-${device}`, { fullPage: true });
      await page.getByRole('button', { name: 'QR code' }).click();
      await page.getByRole('img', { name: 'QR code of the key' }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await picture(page, `admin-code-${colorScheme}-${device}`);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Turn now' }).click();
      expect(await seriousFindings(page)).toEqual([]);
      await picture(page, `admin-turn-${colorScheme}-${device}`);
      expect(faults).toEqual([]);
      const { adminSecret } = cloud.server;
      expect(addresses.filter((address) => address.includes(adminSecret))).toEqual([]);
      await close();
    },
  );

  it('fits the narrowest screen', async () => {
    const { page, close } = await openAdmin(NARROW);
    await findings(page).first().waitFor();
    expect(await tooWide(page)).toEqual([]);
    await close();
  });

  it('gives the key in a code that a camera reads', async () => {
    const { page, close } = await openAdmin();
    await page.getByRole('button', { name: 'QR code' }).click();
    const code = page.getByRole('img', { name: 'QR code of the key' });
    const { data, width, height } = await code.evaluate(pixelsOf);
    const read = readCode.default(Uint8ClampedArray.from(data), width, height);
    expect(read?.data).toBe(await cloud.server.key());
    await close();
  });

  it('copies the key, and shows it only on request', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page, close } = await openAdmin({ ...DESKTOP, permissions });
    const key = await cloud.server.key();
    expect(await page.locator('main').textContent()).not.toContain(key);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('The key is copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText(key).waitFor();
    await close();
  });

  it('turns the key after a second step, and not before', async () => {
    const { page, faults, close } = await openAdmin();
    const before = await cloud.server.key();
    await page.getByRole('button', { name: 'Turn now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Turn the key now?' });
    const confirm = dialog.getByRole('button', { name: 'Turn the key' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await cloud.server.key()).toBe(before);
    await page.getByRole('button', { name: 'Turn now' }).click();
    await dialog.getByLabel('I shall pass the new key on').check();
    await confirm.click();
    await page.getByText('The key has turned').waitFor();
    const after = await cloud.server.key();
    expect(after).not.toBe(before);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText(after).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('shows the new key though an answer about the old one comes late', async () => {
    const { page, close } = await openAdmin();
    const before = await cloud.server.key();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/api/admin', async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    await page.waitForRequest('**/api/admin', { timeout: 15_000 });
    await page.getByRole('button', { name: 'Turn now' }).click();
    await page.getByLabel('I shall pass the new key on').check();
    await page.getByRole('button', { name: 'Turn the key' }).click();
    await page.getByText('The key has turned').waitFor();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const late = page.waitForResponse('**/api/admin');
    release();
    await (await late).finished();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(await page.locator('.key-text').textContent()).not.toBe(before);
    await close();
  });

  it('counts wrong keys while somebody watches', async () => {
    const { page, close } = await openAdmin();
    const figure = page.getByRole('region', { name: 'Failed sign-ins' }).locator('dd').first();
    const before = Number(await figure.textContent());
    await fetch(`${cloud.server.url}/v1/models`, { headers: { 'x-api-key': 'sk-wrong' } });
    const count = async () => Number(await figure.textContent());
    await expect.poll(count, { timeout: 15_000 }).toBe(before + 1);
    await close();
  });

  it('shows what the doctor finds, what is wrong first', async () => {
    cloud.lab.revoke('gsk_test_of_the_faults');
    const { page, close } = await openAdmin();
    await findings(page).first().waitFor();
    const first = await findings(page).first().textContent();
    expect(first).toContain('wrong');
    expect(first).toContain('Groq refuses it (401)');
    expect(first).toContain('Make a new key');
    await picture(page, 'admin-finding-light-desktop', { fullPage: true });
    cloud.lab.reset();
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect.poll(() => page.getByText('Groq refuses it').count()).toBe(0);
    await close();
  });

  it('keeps the secret for its tab alone, until it is locked', async () => {
    const { page, close } = await openAdmin();
    await page.reload();
    await page.getByRole('heading', { name: 'The key of the week' }).waitFor();
    const other = await page.context().newPage();
    await other.goto(`${cloud.server.url}/admin`);
    await other.getByLabel('Admin secret').waitFor();
    const { adminSecret } = cloud.server;
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(adminSecret);
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByLabel('Admin secret').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await close();
  });

  it('refuses a wrong secret in words', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(`${cloud.server.url}/admin`);
    await signIn(page, 'not the secret');
    await page.getByText('This admin secret is wrong.').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await close();
  });

  it('says what is missing while the server does not answer', async () => {
    const { page, close } = await openAdmin();
    await page.route('**/api/admin', (route) => route.abort());
    await page.reload();
    await page.getByRole('alert').getByText('The server could not be reached.').waitFor();
    await page.unroute('**/api/admin');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'The key of the week' }).waitFor();
    await close();
  });
});

/** A drawing as a camera sees it. */
async function pixelsOf(drawing: Element) {
  const text = new XMLSerializer().serializeToString(drawing);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const [width, height] = [400, 400] as const;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context?.drawImage(image, 0, 0, width, height);
  return { data: [...(context?.getImageData(0, 0, width, height).data ?? [])], width, height };
}
