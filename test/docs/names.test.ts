import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/config/schema.ts';
import { blocksIn, documents, root, spansOf, textOf } from './documents.ts';

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** Names in capitals that aren't settings of the server. */
const OTHERS = [
  ...['KEYTURN_URL', 'KEYTURN_KEY', 'KEYTURN_ADMIN_SECRET', 'KEYTURN_MODEL', 'KEYTURN_API_KEY'],
  ...['GROQ_SERVER_URL', 'GROQ_API_TOKEN', 'NEED_TOOLS', 'GLIBC_TUNABLES', 'NODE_COMPILE_CACHE'],
];

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  const bare = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return bare.trim().replaceAll(' ', '-');
}

function anchorsIn(document: string): string[] {
  return [...textOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

describe.each(documents)('%s names what is there', (document) => {
  const text = textOf(document);

  it('in its links', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : normalize(join(dirname(document), path));
      expect(existsSync(`${root}/${target}`), link).toBe(true);
      if (anchor) expect(anchorsIn(target), link).toContain(anchor);
    }
  });

  it('in its paths', () => {
    const here = /^(src|test|tools|docs|deploy|bench|models|data|\.ci)\/[\w./-]*$/;
    const paths = spansOf(document).filter((code) => here.test(code));
    const made = /^(models\/name|data\/db)|^dist\//;
    for (const path of paths.filter((each) => !made.test(each))) {
      expect(existsSync(`${root}/${path}`), path).toBe(true);
    }
  });

  it('among the scripts of package.json', () => {
    for (const [, name = ''] of text.matchAll(/npm run (?:--\S+ )?([a-z][\w:-]*)/g)) {
      expect(Object.keys(scripts)).toContain(name);
    }
  });

  it('among the settings', () => {
    const names = spansOf(document).flatMap((code) =>
      [...code.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)].map(([name]) => name),
    );
    const known = new Set([...Object.keys(schema.shape), ...OTHERS]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

it('shell blocks set only variables that somebody reads', () => {
  const set = blocksIn('sh').flatMap(({ text }) =>
    [...text.matchAll(/(?:^|\s|-e )([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)=/gm)].map(
      ([, name = '']) => name,
    ),
  );
  const known = [...Object.keys(schema.shape), ...OTHERS, 'GRAFANA_PASSWORD'];
  expect(
    set.filter((name) => ![...known, 'OPENAI_BASE_URL', 'OPENAI_API_KEY'].includes(name)),
  ).toEqual([]);
});
