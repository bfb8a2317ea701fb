import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';
import { hasTerminal, inTerminal, type Session } from './run-cli.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ENTER = '\r';
const UP = '\u001b[A';
const PROMPT = /› /;

describe.runIf(hasTerminal)('keyturn chat in a terminal (needs util-linux script)', () => {
  let cloud: Cloud;
  const scratch = scratchFolder();
  const fast = { answerTokens: 12, gapMs: 2 };

  beforeAll(async () => {
    cloud = await startCloud({}, fast);
  });
  afterAll(async () => {
    await cloud.stop();
    scratch.remove();
  });

  async function begin(settings: Record<string, string> = {}): Promise<Session> {
    const session = inTerminal(['chat'], {
      KEYTURN_URL: cloud.server.url,
      KEYTURN_ADMIN_SECRET: cloud.server.adminSecret,
      ...settings,
    });
    await session.until(PROMPT);
    return session;
  }

  async function leave(session: Session): Promise<number | null> {
    session.type(CTRL_D);
    return session.ended();
  }

  test('streams the answer and says who gave it', async () => {
    const session = await begin();
    session.type(`Tell me of the lighthouse.${ENTER}`);
    const shown = await session.until(/groq\/openai\/gpt-oss-120b · /);
    expect(plain(shown)).toContain(cloud.lab.expected('Tell me of the lighthouse.'));
    expect(await leave(session)).toBe(0);
  });

  test('says so when the answer was rescued', async () => {
    cloud.lab.script('openai/gpt-oss-120b', [{ fault: 'cut', tokens: 5 }]);
    const session = await begin();
    session.type(`A story, please.${ENTER}`);
    const shown = await session.until(/carried on after [^\n]*\n/);
    expect(plain(shown)).toContain(
      'groq/openai/gpt-oss-20b (carried on after groq/openai/gpt-oss-120b:cut)',
    );
    cloud.lab.reset();
    await leave(session);
  });

  test('Ctrl-C stops the answer and not the program', async () => {
    const session = await begin();
    session.type(`A long story. [tokens=5000]${ENTER}`);
    await session.until(/(\S+ ){9}/);
    session.type(CTRL_C);
    await session.until(/\(stopped\)/);
    session.type(`Still there?${ENTER}`);
    await session.until(/groq\/openai\/gpt-oss-120b · /);
    expect(await leave(session)).toBe(0);
  });

  test('the arrow keys bring back what was said, and it can be asked again', async () => {
    const session = await begin();
    session.type(`/system Be brief.${ENTER}`);
    await session.until(/is set/);
    session.type(`First question.${ENTER}`);
    await session.until(/tokens\/s/);
    session.type(UP);
    await session.until(/First question\./);
    session.type(ENTER);
    await session.until(/tokens\/s/);
    const bodies = cloud.attempts('openai/gpt-oss-120b').map(({ rawBody }) => rawBody.toString());
    const { messages } = JSON.parse(bodies.at(-1) ?? '{}');
    expect(messages.map(({ role }: { role: string }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ]);
    await leave(session);
  });

  test('/retry asks again, without the answer that was taken back', async () => {
    const session = await begin();
    session.type(`Once.${ENTER}`);
    await session.until(/tokens\/s/);
    session.type(`/retry${ENTER}`);
    await session.until(/tokens\/s/);
    const last = cloud.attempts('openai/gpt-oss-120b').at(-1)?.rawBody.toString() ?? '';
    expect(JSON.parse(last).messages).toEqual([{ role: 'user', content: 'Once.' }]);
    await leave(session);
  });

  test('/local asks the local model, /model another one', async () => {
    const session = await begin();
    session.type(`/model openai/gpt-oss-20b${ENTER}`);
    await session.until(/from now on/);
    session.type(`Hello.${ENTER}`);
    await session.until(/groq\/openai\/gpt-oss-20b · /);
    session.type(`/local${ENTER}`);
    await session.until(/local model only/);
    session.type(`Hello.${ENTER}`);
    await session.until(/local\/lifeboat · /);
    await leave(session);
  });

  test('/save writes Markdown, text and JSON for its owner only, and never over another', async () => {
    const session = await begin();
    session.type(`Save me.${ENTER}`);
    await session.until(/tokens\/s/);
    const beginnings = {
      md: /^## You\n\nSave me\.\n\n## Answer\n\n/,
      txt: /^You: Save me\.\n\nAnswer: /,
      json: /^\[\n {2}\{\n {4}"role": "user"/,
    };
    for (const [kind, begins] of Object.entries(beginnings)) {
      const path = scratch.path(`talk.${kind}`);
      session.type(`/save ${path}${ENTER}`);
      await session.until(/Saved to/);
      session.type(`/save ${path}${ENTER}`);
      await session.until(/is there already/);
      expect(await readFile(path, 'utf8')).toMatch(begins);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    await leave(session);
  });

  test('goes on with a fresh key after a turn', async () => {
    const session = await begin();
    session.type(`Before.${ENTER}`);
    await session.until(/tokens\/s/);
    await fetch(`${cloud.server.url}/rotate-key`, {
      method: 'POST',
      headers: { 'admin-secret': cloud.server.adminSecret },
    });
    session.type(`After.${ENTER}`);
    await session.until(/tokens\/s/);
    expect(await leave(session)).toBe(0);
  });

  test('a server that is gone is one line, and the talk goes on', async () => {
    const session = await begin({ KEYTURN_URL: 'http://127.0.0.1:1' });
    session.type(`Anybody?${ENTER}`);
    await session.until(/Nothing answers at http:\/\/127\.0\.0\.1:1/);
    session.type(`/exit${ENTER}`);
    expect(await session.ended()).toBe(0);
  });
});

/** What a terminal shows: no colours, its line ends as they were. */
function plain(shown: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
  return shown.replace(/\u001b\[[\d;?]*[a-zA-Z]/g, '').replaceAll('\r\n', '\n');
}
