import { describe, expect, it } from 'vitest';
import { openPage } from './support/browser.ts';
import { ask, lastAnswer, openChat } from './support/chat.ts';
import { chatFixture, LARGE, pieces } from './support/chat-fixture.ts';

const on = chatFixture();

/** Each would set `window.hacked` if it ran. */
const ATTACKS = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '<svg onload="window.hacked = 1"></svg>',
  '<svg><script>window.hacked = 1</script></svg>',
  '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
  '<details open ontoggle="window.hacked = 1">x</details>',
  '<math><mtext><style><img src=x onerror="window.hacked = 1"></style></mtext></math>',
  '[click](javascript:window.hacked=1)',
  '[click](JaVaScRiPt:window.hacked=1)',
  '[click](java&#115;cript:window.hacked=1)',
  '[click](&#x6A;avascript:window.hacked=1)',
  '[click](data:text/html,<script>window.hacked=1</script>)',
  '[click](vbscript:window.hacked=1)',
  '<javascript:window.hacked=1>',
  '![x](javascript:window.hacked=1)',
  '![x" onerror="window.hacked=1](https://nobody.invalid/x.png)',
  '[x](https://nobody.invalid/" onmouseover="window.hacked=1)',
  '<a href="javascript:window.hacked=1">click</a>',
  '<sub onclick="window.hacked=1">click</sub>',
  '&lt;img src=x onerror=window.hacked=1&gt;',
  '<style>body { display: none }</style>',
  '<form action="https://nobody.invalid"><button>click</button></form>',
  '<base href="https://nobody.invalid/">',
  '<meta http-equiv="refresh" content="0;url=https://nobody.invalid">',
  '```html" onmouseover="window.hacked=1\n<img src=x onerror="window.hacked=1">\n```',
  '```html\n<script>window.hacked = 1</script>\n```',
  '| <img src=x onerror=window.hacked=1> | b |\n|---|---|\n| <svg onload=window.hacked=1> | `<b>` |',
  '[ref]\n\n[ref]: javascript:window.hacked=1',
  '\ufdd0 no seam \ufdd0',
];

const MARKUP = '.transcript :is(script, iframe, img, form, style, base, meta, object, embed, math)';

describe('a hostile model', () => {
  it('gets no markup into the page, whatever it answers, whole or in pieces', async () => {
    const { page, faults, addresses, close } = await openPage(on.browser);
    const hostile = ATTACKS.join('\n\n');
    on.upstream.script(LARGE, (out) => {
      out.choices({ index: 0, delta: { reasoning: hostile }, finish_reason: null });
      out.text(...pieces(hostile));
      out.finish();
    });
    await openChat(page, on.cloud);
    await ask(page, hostile);
    await page.getByText('What it thought').click();
    for (const link of await lastAnswer(page).getByText('click', { exact: true }).all()) {
      await link.click();
    }
    expect(await page.locator(MARKUP).count()).toBe(0);
    const links = page.locator('.transcript a');
    const places = await links.evaluateAll((all) => all.map((link) => Reflect.get(link, 'href')));
    expect(places.filter((place) => !/^https:\/\/nobody\.invalid\//.test(String(place)))).toEqual(
      [],
    );
    const handlers = page
      .locator('.transcript *')
      .evaluateAll((all) =>
        all.flatMap(({ attributes }) =>
          [...attributes].map(({ name }) => name).filter((name) => name.startsWith('on')),
        ),
      );
    expect(await handlers).toEqual([]);
    expect(await page.locator('.seam').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined();
    expect(faults).toEqual([]);
    expect(addresses.filter((address) => !address.startsWith(on.cloud.server.url))).toEqual([]);
    await close();
  });

  it('gets none in by its name, in an error, or in the list of models', async () => {
    const { page, faults, close } = await openPage(on.browser);
    const name = 'evil/<img src=x onerror="window.hacked=1">';
    await page.route('**/api/models', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { data: object[] };
      const [first] = body.data;
      const evil = { ...first, id: name, aliases: [name], health: 'failing' };
      await route.fulfill({ response: answer, json: { ...body, data: [evil] } });
    });
    await page.route('**/v1/chat/completions', (route) =>
      route.fulfill({
        status: 400,
        json: { error: { message: `No such model: ${name}`, code: name } },
      }),
    );
    await openChat(page, on.cloud);
    await page.getByRole('button', { name: /^Model:/ }).click();
    await page.getByRole('radio', { name: /evil/ }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await ask(page, 'Hello');
    await page.getByText('No such model:').waitFor();
    expect(await page.locator('main img[src], footer img[src]').count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined();
    expect(faults).toEqual([]);
    await close();
  });
});

describe('the policy of the page', () => {
  it('lets no text become markup, nothing inline run, and nobody else be asked', async () => {
    const { page, faults, close } = await openPage(on.browser);
    await page.goto(on.cloud.server.url);
    const outcomes = await page.evaluate(async () => {
      const tried = (what: () => unknown) => {
        try {
          what();
          return 'allowed';
        } catch (error) {
          return error instanceof Error ? error.name : 'refused';
        }
      };
      return {
        markup: tried(() => {
          document.body.innerHTML = '<p>hello</p>';
        }),
        policy: tried(() =>
          (
            Reflect.get(window, 'trustedTypes') as {
              createPolicy(name: string, rules: object): void;
            }
          ).createPolicy('any', {}),
        ),
        elsewhere: await fetch('https://nobody.invalid/').catch(() => 'refused'),
      };
    });
    expect(outcomes).toEqual({ markup: 'TypeError', policy: 'TypeError', elsewhere: 'refused' });
    // The watch that other tests rely on sees what was tried here.
    const seen = () => faults.filter((fault) => fault.startsWith('CSP:')).length;
    await expect.poll(seen).toBeGreaterThanOrEqual(3);
    await close();
  });
});
