import { expect, it } from 'vitest';
import { openapiDocument } from '../../src/http/openapi/document.ts';
import { textOf } from './documents.ts';

type Described = {
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { readonly description: string }> }>
  >;
  readonly components: { readonly headers: Readonly<Record<string, object>> };
};

const { paths, components } = openapiDocument('0') as Described;

/** The chapter of docs/api.md with this heading. */
function chapter(heading: string): string {
  const [, text = ''] = textOf('docs/api.md').split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

it('docs/api.md lists every header that an answer may have, and no other', () => {
  const listed = [...chapter('Headers of answers').matchAll(/^\| (`[^|]+) \|/gm)];
  const names = listed.flatMap(([, cell = '']) => namesIn(cell));
  expect(names.sort()).toEqual(Object.keys(components.headers).sort());
});

it('docs/api.md lists every error of every route with its status', () => {
  const rows = [...chapter('Errors').matchAll(/^\| (\d{3}) \| ([^|]+) \|/gm)];
  const listed = rows.flatMap(([, status, cell = '']) =>
    namesIn(cell).map((code) => `${status} ${code}`),
  );
  const answers = Object.values(paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ responses }) => Object.entries(responses)),
  );
  const described = answers.flatMap(([status, { description }]) =>
    /^`\w+`(, `\w+`)*$/.test(description)
      ? namesIn(description).map((code) => `${status} ${code}`)
      : [],
  );
  expect(new Set(described).size).toBeGreaterThan(15);
  const missing = new Set(described.filter((each) => !listed.includes(each)));
  expect([...missing]).toEqual([]);
  // Those belong to no route.
  const others = ['404 not_supported', '405 method_not_allowed', '413 rate_limit_exceeded'];
  const known = [...described, ...others];
  expect(listed.filter((each) => !known.includes(each))).toEqual([]);
});
