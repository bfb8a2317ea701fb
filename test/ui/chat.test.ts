import { describe, expect, it } from 'vitest';
import { seriousFindings } from './support/accessibility.ts';
import { LOOKS, openPage, picture } from './support/browser.ts';
import { ask, ended, lastAnswer, openChat, say } from './support/chat.ts';
import { chatFixture, LARGE, pieces, SMALL } from './support/chat-fixture.ts';
import { RICH_ANSWER } from './support/document.ts';

const on = chatFixture();

describe('a conversation', () => {
  it('streams, tells who answered, and is still there after a reload', async () => {
    const { page, faults, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'Is all well?');
    expect(await lastAnswer(page).locator('.markdown').textContent()).toBe('All is well.');
    const facts = await lastAnswer(page).locator('.facts').textContent();
    expect(facts).toContain('gpt-oss-120b');
    expect(facts).toContain('5 tokens');
    await page.reload();
    await page.getByText('All is well.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Is all well?');
    expect(faults).toEqual([]);
    await close();
  });

  it('sends the whole conversation, its system prompt, temperature and length', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await page.keyboard.press('Control+.');
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByLabel('Temperature').fill('0.3');
    await page.getByLabel('Longest answer').fill('77');
    await page.getByRole('button', { name: 'Done' }).click();
    await ask(page, 'One');
    await ask(page, 'Two');
    expect(on.upstream.asked.at(-1)).toMatchObject({
      temperature: 0.3,
      max_completion_tokens: 77,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'One' },
        { role: 'assistant', content: 'All is well.' },
        { role: 'user', content: 'Two' },
      ],
    });
    await close();
  });

  it('stops on request, keeps what came, and hangs up', async () => {
    const { page, close } = await openPage(on.browser);
    let hasEnded: Promise<void> | undefined;
    on.upstream.script(LARGE, (out) => {
      out.text('It begins ');
      hasEnded = out.closed;
    });
    await openChat(page, on.cloud);
    await say(page, 'Begin');
    await page.getByText('It begins').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Stopped. What came stays.').waitFor();
    expect(await lastAnswer(page).locator('.markdown').textContent()).toBe('It begins ');
    await hasEnded;
    await close();
  });

  it('asks again, and takes a prompt in other words', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'Frist words');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect.poll(() => on.upstream.asked.length).toBe(2);
    await ended(page).waitFor();
    await page.getByText('Frist words').last().hover();
    await page.getByRole('button', { name: 'Edit and send again' }).click();
    await page.getByLabel('Your prompt in other words').fill('First words');
    await page.keyboard.press('Enter');
    await expect.poll(() => on.upstream.asked.length).toBe(3);
    expect(on.upstream.asked.at(-1)?.messages).toEqual([{ role: 'user', content: 'First words' }]);
    await close();
  });

  it('folds away what the model thought', async () => {
    const { page, close } = await openPage(on.browser);
    on.upstream.script(LARGE, (out) => {
      out.choices({ index: 0, delta: { reasoning: 'A deep thought.' }, finish_reason: null });
      out.text('Said.');
      out.finish();
    });
    await openChat(page, on.cloud);
    await ask(page, 'Think');
    expect(await page.getByText('A deep thought.').isVisible()).toBe(false);
    await page.getByText('What it thought').click();
    expect(await page.getByText('A deep thought.').isVisible()).toBe(true);
    await close();
  });

  it('shows the seam where another model took over, and says why', async () => {
    const { page, close } = await openPage(on.browser);
    on.upstream.script(LARGE, (out) => {
      out.text(...pieces('The harbour lay quiet in the morning, '));
      out.cut();
    });
    on.upstream.script(SMALL, (out) => {
      out.text(...pieces('and no ship had come.'));
      out.finish();
    });
    await openChat(page, on.cloud);
    await ask(page, 'Tell me of the harbour');
    expect(await lastAnswer(page).locator('.markdown').textContent()).toBe(
      'The harbour lay quiet in the morning, and no ship had come.',
    );
    const seam = page.getByRole('img', { name: 'Here gpt-oss-20b took over and went on.' });
    expect(await seam.count()).toBe(1);
    const before = await seam.evaluate((mark) => mark.parentElement?.previousSibling?.textContent);
    expect(before ?? '').toMatch(/morning, $/);
    await page.getByText('gpt-oss-120b broke off; gpt-oss-20b went on.').waitFor();
    await picture(page, 'chat-rescue-light-desktop');
    await close();
  });

  it('says of an answer that nobody went on with who could not, and of no one that they answered', async () => {
    const { page, close } = await openPage(on.browser);
    on.upstream.script(LARGE, (out) => {
      out.text(...pieces('The harbour lay quiet in the mor'));
      out.cut();
    });
    on.upstream.script(SMALL, (out) => out.cut());
    await openChat(page, on.cloud);
    await ask(page, 'Tell me of the harbour');
    expect(await lastAnswer(page).locator('.rescue').textContent()).toMatch(
      /^gpt-oss-120b broke off; gpt-oss-20b .*; lifeboat \(local\) would not go on from there\.$/,
    );
    await close();
  });

  it('never passes a truncated answer off as a whole one', async () => {
    const { page, close } = await openPage(on.browser);
    await page.route('**/v1/chat/completions', (route) =>
      route.fulfill({
        headers: { 'content-type': 'text/event-stream', 'x-key-expires': '2099-01-01T00:00:00Z' },
        body: 'data: {"choices":[{"delta":{"content":"Half an "}}]}\n\n',
      }),
    );
    await openChat(page, on.cloud);
    await ask(page, 'Go');
    await page.getByText('The answer broke off before it was whole.').waitFor();
    await close();
  });

  it('says who failed where nobody could go on, and of nobody that he answered', async () => {
    const { page, close } = await openPage(on.browser);
    await page.route('**/v1/chat/completions', (route) =>
      route.fulfill({
        headers: { 'content-type': 'text/event-stream', 'x-served-by': `groq/${LARGE}` },
        body: [
          'data: {"choices":[{"delta":{"content":"Half an "}}]}',
          `: x-fallback-trail groq/${LARGE}:cut, groq/${SMALL}:503`,
          'event: error\ndata: {"error":{"message":"Ask again.","code":"provider_unavailable"}}\n\n',
        ].join('\n\n'),
      }),
    );
    await openChat(page, on.cloud);
    await ask(page, 'Go');
    await page.getByText('Ask again.').waitFor();
    const tried = await lastAnswer(page).locator('.facts .rescue').textContent();
    expect(tried).toBe('gpt-oss-120b broke off; gpt-oss-20b failed (503).');
    await close();
  });
});

describe('the key', () => {
  it('turns in mid-conversation: the page says so, takes the new one, and goes on', async () => {
    const { page, addresses, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'Before the turn');
    const { url, adminSecret } = on.cloud.server;
    const headers = { 'admin-secret': adminSecret };
    await fetch(`${url}/rotate-key`, { method: 'POST', headers });
    await say(page, 'After the turn');
    await page.getByText('The key has turned:').waitFor();
    const field = page.getByLabel('Key', { exact: true });
    await expect.poll(() => field.evaluate((it) => it === document.activeElement)).toBe(true);
    expect(await page.getByText('All is well.').count()).toBe(1);
    expect(await seriousFindings(page)).toEqual([]);
    await picture(page, 'chat-key-turned-light-desktop');
    const key = await on.cloud.server.key();
    await field.fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ask again' }).last().click();
    await page.getByText('All is well.').nth(1).waitFor();
    expect(addresses.some((address) => address.includes('sk-'))).toBe(false);
    await close();
  });
});

describe('the list of conversations', () => {
  it('is searched, renamed and deleted in', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'About lighthouses');
    await page.keyboard.press('Control+Shift+O');
    await ask(page, 'About windmills');
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await expect.poll(() => list.getByRole('listitem').count()).toBe(2);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('lighthouse');
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await page.getByLabel('Search conversations').fill('');
    await list.getByRole('link', { name: 'About lighthouses' }).click();
    await page.getByRole('button', { name: 'Rename, export or delete this' }).click();
    await page.getByLabel('Title').fill('Towers');
    await page.keyboard.press('Enter');
    await list.getByRole('link', { name: 'Towers' }).waitFor();
    await page.getByRole('button', { name: 'Rename, export or delete: Towers' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Really delete' }).click();
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
    await close();
  });
});

describe('the model', () => {
  it('is chosen from the live list, with its state and limits', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await page.getByRole('button', { name: /^Model:/ }).click();
    await page.getByRole('radio', { name: /lifeboat/ }).check();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await ask(page, 'Who are you?');
    expect(await lastAnswer(page).locator('.facts').textContent()).toContain('lifeboat (local)');
    expect(on.upstream.asked).toHaveLength(0);
    await close();
  });
});

describe.each(LOOKS)('in %s on a %s', (colorScheme, device, size) => {
  it('a rich answer, its dialogs and its list have no serious finding', async () => {
    const { page, faults, close } = await openPage(on.browser, { colorScheme, ...size });
    const shot = (name: string) => picture(page, `chat-${name}-${colorScheme}-${device}`);
    on.upstream.script(LARGE, (out) => {
      out.choices({ index: 0, delta: { reasoning: 'What do they want?' }, finish_reason: null });
      out.text(...pieces(RICH_ANSWER));
      out.finish();
    });
    await openChat(page, on.cloud);
    expect(await seriousFindings(page)).toEqual([]);
    await shot('empty');
    await ask(page, 'How do I read a stream of events in a browser?');
    await page.locator('.hljs-keyword').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await shot('answer');
    await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 0));
    await shot('answer-top');
    await page.keyboard.press('Control+M');
    await page.getByRole('dialog').waitFor();
    await shot('models');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    await page.getByRole('dialog').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await shot('settings');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+K');
    expect(await seriousFindings(page)).toEqual([]);
    await shot('list');
    expect(faults).toEqual([]);
    await close();
  });
});
