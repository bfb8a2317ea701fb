import { expect } from 'vitest';
import { hear } from '../caller.ts';
import { question } from '../questions.ts';

import type { Proof } from './proof.ts';

const status =
  (expected: number, code?: string): Proof =>
  async (lab, model) => {
    const heard = await hear({ url: lab.url, body: question(model) });
    expect(heard).toMatchObject({ status: expected, ending: 'complete' });
    const { error } = JSON.parse(heard.body.toString());
    expect(typeof error.message).toBe('string');
    expect(error.code).toBe(code);
  };

/** What the faults of this family do on the wire. */
export const statusProofs: Readonly<Record<string, Proof>> = {
  '429': async (lab, model) => {
    await status(429, 'rate_limit_exceeded')(lab, model);
    const heard = await hear({ url: lab.url, body: question('lab/429:retryAfter=7') });
    expect(heard.head).toContain('\r\nretry-after: 7');
  },
  '429-bare': async (lab, model) => {
    await status(429, 'rate_limit_exceeded')(lab, model);
    const heard = await hear({ url: lab.url, body: question(model) });
    expect(heard.head).not.toContain('retry-after');
  },
  '429-date': async (lab, model) => {
    const { head } = await hear({ url: lab.url, body: question(model) });
    const date = /retry-after: (.*)/.exec(head)?.[1] ?? '';
    expect(Date.parse(date) - Date.now()).toBeGreaterThan(1000);
    expect(Date.parse(date) - Date.now()).toBeLessThanOrEqual(3000);
  },
  '500': status(500),
  '502': status(502),
  '503': status(503),
  '504': status(504),
  '498': status(498),
  '408': status(408),
  '409': status(409),
  '422': status(422),
  '413': async (lab, model) => {
    const url = lab.url;
    const over = await hear({ url, body: question(model, { max_tokens: 4001 }) });
    expect(over.status).toBe(413);
    expect(JSON.parse(over.body.toString()).error).toMatchObject({
      type: 'tokens',
      code: 'rate_limit_exceeded',
    });
    expect((await hear({ url, body: question(model, { max_tokens: 3000 }) })).status).toBe(200);
  },
  redirect: async (lab, model) => {
    const heard = await hear({ url: lab.url, body: question(model) });
    expect(heard.status).toBe(308);
    expect(heard.head).toContain('location: http');
  },
  context: status(400, 'context_length_exceeded'),
  policy: status(400, 'content_policy_violation'),
  'bad-request': status(400),
  'tool-use-failed': status(400, 'tool_use_failed'),
  'json-validate-failed': status(400, 'json_validate_failed'),
  '401': status(401, 'invalid_api_key'),
  '403': status(403, 'permissions_error'),
  retired: status(400, 'model_decommissioned'),
  'unknown-model': status(404, 'model_not_found'),
  '407': async (lab, model) => {
    const heard = await hear({ url: lab.url, body: question(model) });
    expect(heard.status).toBe(407);
    expect(heard.head).toContain('proxy-authenticate: basic');
  },
  'html-502': async (lab, model) => {
    const heard = await hear({ url: lab.url, body: question(model) });
    expect(heard.status).toBe(502);
    expect(heard.body.toString()).toContain('<html>');
  },
};
