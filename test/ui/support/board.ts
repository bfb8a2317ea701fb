import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { TestServer } from '../../support/server.ts';
import { openPage, type WatchedPage } from './browser.ts';

/** The dashboard of somebody who has signed in on an earlier visit. */
export async function openBoard(
  browser: Browser,
  server: TestServer,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  const key = await server.key();
  await watched.page.addInitScript((text) => localStorage.setItem('keyturn.key', text), key);
  await watched.page.goto(`${server.url}/dashboard`);
  return watched;
}

/** Waits until the page hears of the server. */
export function live(page: Page): Promise<void> {
  return page.getByText('Live', { exact: true }).waitFor();
}

/** A part of the board by its name. */
export function panel(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** Lines of the table of requests. */
export function lines(page: Page): Locator {
  return page.locator('table.requests tbody tr');
}
