import { z } from 'zod';
import entries from '../../../../models/catalog.json' with { type: 'json' };

const Entry = z.object({
  /** What the operator types, and what the file is called. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  /** `hf:owner/repository/file.gguf` or an https address. */
  source: z.string(),
  /** About, for people; the server that has the file knows exactly. */
  megabytes: z.number().positive(),
  /** Exact size, where known: checked. */
  bytes: z.int().positive().optional(),
  /** Where known: checked. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  licence: z.string(),
  /** What it takes at a context of 1,024 tokens. */
  memoryMegabytes: z.number().positive(),
  context: z.int().positive(),
  goodAt: z.string(),
});

/** A model that is known to work, and what it needs. */
export type CatalogEntry = z.infer<typeof Entry>;

/** The models of `models/catalog.json`. */
export function readCatalog(): readonly CatalogEntry[] {
  return z.array(Entry).parse(entries);
}

/** What to download, and as what to keep it. */
export type Wanted = {
  readonly name: string;
  readonly url: string;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  readonly memoryMegabytes: number | undefined;
};

/**
 * Finds what the operator means: a name of the catalogue, `hf:owner/repository/file.gguf`, or an
 * https address of a .gguf file.
 *
 * @returns undefined when it is none of these
 */
export function findModel(catalog: readonly CatalogEntry[], asked: string): Wanted | undefined {
  const entry = catalog.find(({ name }) => name === asked);
  const url = urlOf(entry?.source ?? asked);
  if (!url) return undefined;
  return {
    name: entry?.name ?? nameOf(url),
    url,
    bytes: entry?.bytes,
    sha256: entry?.sha256,
    memoryMegabytes: entry?.memoryMegabytes,
  };
}

function urlOf(source: string): string | undefined {
  const file = /^hf:([\w.-]+)\/([\w.-]+)\/(.+\.gguf)$/i.exec(source);
  if (file) {
    const [, owner, repository, path = ''] = file;
    const escaped = path.split('/').map(encodeURIComponent).join('/');
    return `https://huggingface.co/${owner}/${repository}/resolve/main/${escaped}`;
  }
  const url = URL.canParse(source) ? new URL(source) : undefined;
  const secure = url?.protocol === 'https:' || url?.hostname === '127.0.0.1';
  return url && secure && /\.gguf$/i.test(url.pathname) ? url.href : undefined;
}

/** The file's own name, made fit for a folder and a model id. */
function nameOf(url: string): string {
  const file = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  return file
    .replace(/\.gguf$/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
}
