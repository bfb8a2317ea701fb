import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startServer } from '../support/server.ts';
import { blocksOf } from './documents.ts';

const SECRET = 'the-secret-of-the-webhook';
const blocks = blocksOf('docs/api.md');
const textIn = (language: string) =>
  blocks.find((block) => block.language === language)?.text ?? '';

type Letter = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** What the server posts when its key is turned. */
async function turned(): Promise<Letter> {
  const letters: Letter[] = [];
  const receiver = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    letters.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const settings = { ROTATION_WEBHOOK_URL: url, ROTATION_WEBHOOK_SECRET: SECRET };
  const server = await startServer(settings);
  await fetch(`${server.url}/rotate-key`, {
    ...{ method: 'POST', headers: { 'admin-secret': server.adminSecret } },
  });
  const isTurn = ({ body }: Letter) => body.includes('"key.turned"');
  await expect.poll(() => letters.some(isTurn), { timeout: 10_000 }).toBe(true);
  await server.stop();
  receiver.close();
  const letter = letters.find(isTurn);
  if (!letter) throw new Error('no letter');
  return letter;
}

/** Runs the page's check. */
function isOurs({ headers, body }: Letter): boolean {
  const given = {
    secret: SECRET,
    timestamp: headers['x-keyturn-timestamp'],
    signature: headers['x-keyturn-signature'],
    body,
  };
  const names = Object.keys(given).join(', ');
  const script = `const { ${names} } = ${JSON.stringify(given)};\n${textIn('js')}\nconsole.log(isOurs);`;
  const args = ['--input-type=module', '--eval', script];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim() === 'true';
}

it('docs/api.md shows what the webhook is told, and how to check who says it', async () => {
  const letter = await turned();
  expect(Object.keys(JSON.parse(letter.body))).toEqual(Object.keys(JSON.parse(textIn('json'))));
  expect(isOurs(letter)).toBe(true);
  expect(isOurs({ ...letter, body: letter.body.replace('turned', 'burned') })).toBe(false);
});
