import cron from 'node-cron';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../src/config/settings.ts';

/** What the start says about these settings. */
function complaint(environment: Record<string, string>): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the defaults', () => {
  it('are those of the contract', () => {
    expect(readSettings({})).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      dataDir: './data',
      production: false,
      logLevel: 'info',
      shutdownGraceMs: 25_000,
      keys: { periodMs: 7 * 24 * 60 * 60 * 1000, generation: 0 },
      groq: { apiKeys: [], baseUrl: 'https://api.groq.com/openai/v1' },
      models: { main: 'openai/gpt-oss-120b', fallbacks: ['openai/gpt-oss-20b'], unknown: 'error' },
      failover: {
        wholeMs: 60_000,
        firstTokenMs: 10_000,
        idleMs: 15_000,
        budgetMs: 25_000,
        attempts: 3,
        probeMs: 5_000,
      },
      http: { trustProxy: 0, corsOrigin: ['*'], earlyHeadersMs: 15_000 },
    });
  });

  it('stand for settings that are empty or blank', () => {
    expect(readSettings({ PORT: '', HOST: ' ', KEY_SEED: '', ADMIN_SECRET: '' })).toEqual(
      readSettings({}),
    );
  });
});

describe('given settings', () => {
  it('lose the blanks and line ends around them', () => {
    const { port, keys } = readSettings({
      PORT: ' 8080',
      ADMIN_SECRET: 'pasted with a line end\n',
    });
    expect([port, keys.adminSecret]).toEqual([8080, 'pasted with a line end']);
  });

  it('may list several Groq keys by commas', () => {
    expect(readSettings({ GROQ_API_KEY: 'one, two,' }).groq.apiKeys).toEqual(['one', 'two']);
  });

  it('may leave out the fallback models', () => {
    expect(readSettings({ GROQ_FALLBACK_MODELS: ',' }).models.fallbacks).toEqual([]);
  });

  it('may name a proxy in lower case', () => {
    const { groq } = readSettings({ https_proxy: 'http://proxy:3128', no_proxy: 'localhost' });
    expect(groq).toMatchObject({ httpsProxy: 'http://proxy:3128', noProxy: 'localhost' });
  });

  it('may name a proxy without http://, as for curl', () => {
    expect(readSettings({ HTTPS_PROXY: 'proxy:3128' }).groq.httpsProxy).toBe('http://proxy:3128');
  });

  it('may name origins otherwise than browsers write them', () => {
    const CORS_ORIGIN = 'https://Bücher.example:443/, http://localhost:5173,chrome-extension://abc';
    expect(readSettings({ CORS_ORIGIN }).http.corsOrigin).toEqual([
      'https://xn--bcher-kva.example',
      'http://localhost:5173',
      'chrome-extension://abc',
    ]);
  });

  it.each(['::1', 'fe80::1%br_lan', 'localhost', 'my_host.example.'])(
    'may listen on %s',
    (HOST) => {
      expect(readSettings({ HOST }).host).toBe(HOST);
    },
  );

  it.each(['0\t6 * * mon-fri', '0 6 ? * 1-5,1#2', '@weekly', '0 6 LW * *'])(
    'may turn the key by %s, at hours that node-cron can look at',
    (ROTATION_CRON) => {
      const { cron: pattern = '' } = readSettings({ ROTATION_CRON }).keys;
      expect(cron.validate(pattern)).toBe(true);
    },
  );

  it('may let a key live for a part of a day', () => {
    expect(readSettings({ KEY_ROTATION_DAYS: '0.5' }).keys.periodMs).toBe(12 * 60 * 60 * 1000);
  });
});

describe('wrong settings', () => {
  it('are all named at once, with what was expected', () => {
    const text = complaint({
      PORT: '70000',
      KEY_ROTATION_DAYS: 'weekly',
      ROTATION_CRON: 'every Monday',
      GROQ_BASE_URL: 'ftp://groq',
      LOG_LEVEL: 'loud',
      UNKNOWN_MODEL: 'ask',
      MODEL_ALIASES: 'fast',
    });
    expect(text).toContain('PORT: expected a whole number from 0 to 65535');
    expect(text).toContain('KEY_ROTATION_DAYS: expected a number from 0.00001 to 3650');
    expect(text).toContain('ROTATION_CRON: expected a cron pattern such as "0 6 * * 1"');
    expect(text).toContain('GROQ_BASE_URL: expected an http or https address');
    expect(text).toMatch(/LOG_LEVEL: .*"info"/);
    expect(text).toMatch(/UNKNOWN_MODEL: .*"error"\|"default"/);
    expect(text).toContain('MODEL_ALIASES: expected pairs of name=model');
  });

  it('are never repeated, since they may be secrets', () => {
    const secret = 'S3cr3t';
    const text = complaint({
      PORT: secret,
      KEY_SEED: secret,
      KEY_GENERATION: secret,
      GROQ_BASE_URL: `https://user:${secret}@groq`,
      LOG_LEVEL: secret,
      ROTATION_CRON: secret,
      MODEL_ALIASES: secret,
      GROQ_TEMPERATURE: secret,
      HTTPS_PROXY: `socks5://user:${secret}@proxy`,
      ROTATION_WEBHOOK_URL: `https://user:${secret}@hooks`,
    });
    expect(text.split('\n')).toHaveLength(11);
    expect(text).not.toContain(secret);
  });

  it.each([
    ['PORT', '-1'],
    ['HOST', 'http://localhost'],
    ['HOST', 'localhost:3000'],
    // A header can't carry it: whoever sent it would be refused.
    ['ADMIN_SECRET', 'пароль-который-длинный'],
    ['METRICS_TOKEN', 'пароль-который-длинный'],
    ['PORT', '3000.5'],
    ['PORT', '0x10'],
    ['KEY_ROTATION_DAYS', '0'],
    ['KEY_ROTATION_DAYS', '-7'],
    // Expired before anybody could use it.
    ['KEY_ROTATION_DAYS', '0.0000000001'],
    ['GROQ_API_KEY', '"gsk_abc"'],
    ['KEY_ROTATION_DAYS', 'Infinity'],
    ['KEY_SEED', 'too short'],
    ['KEY_GENERATION', '1e3'],
    ['GROQ_TIMEOUT_MS', '0'],
    ['GROQ_TIMEOUT_MS', '2147483648'],
    ['GROQ_TEMPERATURE', '2.1'],
    ['RETRY_ATTEMPTS', '0'],
    ['ROTATION_CRON', '61 * * * *'],
    ['ROTATION_CRON', '0 0 30 2 *'],
    // croner takes it, node-cron doesn't.
    ['ROTATION_CRON', '0 6 * * +1'],
    ['ROTATION_CRON', '0 0 0 1 1 * 2030'],
    ['GROQ_BASE_URL', 'groq.com'],
    ['GROQ_BASE_URL', 'https://proxy.example/v1?key=1'],
    ['GROQ_BASE_URL', 'https://proxy.example/v1#here'],
    ['CORS_ORIGIN', 'chat.example.org'],
    ['CORS_ORIGIN', 'https://chat.example.org/page'],
    ['CORS_ORIGIN', ','],
    // No pattern: every origin is named in full.
    ['CORS_ORIGIN', 'https://*.example.org'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x-auth=a,Content-Length=3'],
    ['HTTPS_PROXY', 'http://user:50%@proxy:3128'],
    ['HTTPS_PROXY', 'socks5://127.0.0.1:1080'],
    ['HTTPS_PROXY', 'a proxy'],
    // fetch takes no address with a password in it, and quotes it.
    ['ROTATION_WEBHOOK_URL', 'https://user:password@hooks.example/'],
  ])('include %s=%s', (name, value) => {
    expect(complaint({ [name]: value })).toContain(`${name}: expected`);
  });
});

describe('production', () => {
  it.each([{ NODE_ENV: 'production' }, { RENDER: 'true' }])(
    'needs an ADMIN_SECRET (%o)',
    (where) => {
      expect(complaint(where)).toContain('ADMIN_SECRET is required in production');
      expect(complaint({ ...where, ADMIN_SECRET: '  ' })).toContain('ADMIN_SECRET is required');
      expect(complaint({ ...where, ADMIN_SECRET: 'a secret for production' })).toBe('none');
    },
  );

  it('says so together with what else is wrong', () => {
    const text = complaint({ NODE_ENV: 'production', PORT: 'x' });
    expect(text).toContain('PORT');
    expect(text).toContain('ADMIN_SECRET');
  });
});
