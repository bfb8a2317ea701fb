import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/config/schema.ts';
import { has, textOf } from './tool.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const settings = new Set(Object.keys(schema.shape));
/** Node's own. */
const CACHE = 'NODE_COMPILE_CACHE';

describe('render.yaml', () => {
  const blueprint = textOf('render.yaml').replaceAll(/ *#.*$/gm, '');
  const names = [...blueprint.matchAll(/- key: (\w+)/g)].map(([, name = '']) => name);

  test('has only fields that the reference of blueprints knows', () => {
    // https://render.com/docs/blueprint-spec
    const known = [
      ...['type', 'name', 'runtime', 'plan', 'region', 'branch', 'repo', 'rootDir', 'autoDeploy'],
      ...['buildCommand', 'startCommand', 'preDeployCommand', 'healthCheckPath', 'numInstances'],
      ...['maxShutdownDelaySeconds', 'envVars', 'buildFilter', 'domains', 'scaling', 'previews'],
    ];
    const fields = [...blueprint.matchAll(/^ {2}(?:- | {2})(\w+):/gm)].map(([, field]) => field);
    expect(blueprint).toMatch(/^services:$/m);
    expect(fields.filter((field) => !known.includes(field ?? ''))).toEqual([]);
    expect(fields).toEqual(expect.arrayContaining(['type', 'name', 'runtime', 'plan']));
    expect(blueprint).toMatch(/plan: free$/m);
  });

  test('gives every variable one value, and only variables that are settings or Node’s', () => {
    expect(names.filter((name) => !settings.has(name))).toEqual(['NODE_VERSION', CACHE]);
    for (const block of blueprint.split('- key: ').slice(1)) {
      expect(block.match(/^ {8}(value|generateValue|sync):/gm), block).toHaveLength(1);
    }
  });

  test('has no disk, so it derives the key; the grace fits into the 30 s that Render waits', () => {
    expect(blueprint).not.toContain('disk:');
    expect(blueprint).toMatch(/KEY_SEED\n +generateValue: true/);
    expect(schema.shape.SHUTDOWN_GRACE_MS.parse(undefined)).toBeLessThan(30_000);
  });
});

describe('the Dockerfile', () => {
  const lines = textOf('Dockerfile').split('\n');
  const ignored = textOf('.dockerignore').split('\n');

  test('copies only what is there and what .dockerignore lets in', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    for (const path of copied) {
      expect(existsSync(`${root}/${path}`), path).toBe(true);
      expect(ignored, path).toContain(`!${path}`);
    }
  });

  test('runs as nobody special, on glibc, with a health check, and no shell in between', () => {
    expect(
      lines.filter((line) => line.startsWith('FROM')).every((line) => line.includes('-slim')),
    ).toBe(true);
    expect(lines.filter((line) => line.startsWith('USER'))).toEqual(['USER node']);
    expect(lines.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
    expect(lines.filter((line) => line.startsWith('CMD'))).toEqual([
      'CMD ["node", "dist/main.js"]',
    ]);
  });
});

describe('compose.yaml', () => {
  const compose = textOf('deploy/compose.yaml');

  test('mounts files that are there, and pins its images', () => {
    const mounted = [...compose.matchAll(/- (\.\/[^:]+):/g)].map(([, path = '']) => path);
    expect(mounted.length).toBeGreaterThan(3);
    for (const path of mounted) expect(existsSync(`${root}/deploy/${path}`), path).toBe(true);
    for (const [, tag] of compose.matchAll(/image: \S+:(\S+)/g))
      expect(tag).toMatch(/^v?\d+\.\d+\.\d+$/);
  });

  test('gives keyturn a read-only root and nothing that it does not need', () => {
    for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true']) {
      expect(compose).toContain(line);
    }
    expect(compose).not.toMatch(/privileged: true|network_mode: host|docker\.sock/);
  });
});

describe('the systemd unit', () => {
  test.runIf(has('systemd-analyze'))(
    'is as closed as docs/deploy-systemd.md says (needs systemd-analyze)',
    () => {
      const args = ['security', '--offline=true', `${root}/deploy/keyturn.service`];
      const said = execFileSync('systemd-analyze', args, { encoding: 'utf8' });
      const [, score] = /Overall exposure level for \S+: ([\d.]+)/.exec(said) ?? [];
      expect(Number(score)).toBeLessThan(2);
      expect(textOf('docs/deploy-systemd.md')).toContain(`**${score}**`);
    },
  );

  test('sets only variables that are settings, and the one of Node’s', () => {
    const names = [...textOf('deploy/keyturn.service').matchAll(/^Environment=(\w+)=/gm)];
    const others = names.map(([, name = '']) => name).filter((name) => !settings.has(name));
    expect(others).toEqual([CACHE]);
  });
});
