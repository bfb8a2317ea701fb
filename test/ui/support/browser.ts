import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const home = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const SHOTS = join(home, 'test-results', 'ui');

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Starts the machine's own browser. */
export function openBrowser(): Promise<Browser> {
  const executablePath = CANDIDATES.find((path) => path && existsSync(path));
  if (!executablePath) {
    throw new Error(
      'No Chromium was found. Install it (Debian: apt-get install chromium), or name it in CHROMIUM.',
    );
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
/** The narrowest page that has to be read without scrolling sideways (WCAG 1.4.10). */
export const NARROW = { viewport: { width: 320, height: 640 } };
export const DESKTOP = { viewport: { width: 1280, height: 800 } };

/** Every look that a page has to be right in: its colours, the device's name, the device's size. */
export const LOOKS = [
  ['light', 'phone', PHONE],
  ['dark', 'phone', PHONE],
  ['light', 'desktop', DESKTOP],
  ['dark', 'desktop', DESKTOP],
] as const;

/** A page, and everything that went wrong in it so far. */
export type WatchedPage = {
  readonly page: Page;
  /** Violations of the Content-Security-Policy, uncaught errors, errors in the console. */
  readonly faults: string[];
  /** Every request's address: a key must never be in one. */
  readonly addresses: string[];
  close(): Promise<void>;
};

/** Opens an empty page in a profile of its own. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = DESKTOP,
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults: string[] = [];
  const addresses: string[] = [];
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      console.error(`CSP: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // The browser's own line about an answer that is an error: tests ask for those.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(message.text());
    }
  });
  page.on('request', (request) => addresses.push(request.url()));
  const close = async () => {
    // What a test answers in the server's place may still be under way.
    await page.unrouteAll({ behavior: 'wait' });
    await context.close();
  };
  return { page, faults, addresses, close };
}

/** Keeps a picture of what the page shows: `test-results/ui/<name>.png`. */
export async function picture(
  page: Page,
  name: string,
  options: { readonly fullPage?: boolean } = {},
): Promise<void> {
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled', ...options });
}

/** What makes the page wider than its screen. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter(
        (each) =>
          !each.closest('.table-place') && each.getBoundingClientRect().right > innerWidth + 1,
      )
      .map((each) => `${each.tagName} ${each.className}`),
  );
}
