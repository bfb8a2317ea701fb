import { serverIsSilent, serverIsThere } from '../shared/connection.ts';
import type { Operation, Secret } from './description.ts';

/** What a form holds. */
export type Filled = {
  readonly values: Readonly<Record<string, string>>;
  readonly body: string;
  readonly file: File | undefined;
};

/** An answer, as far as it has come. */
export type Heard = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
  readonly isOver: boolean;
  readonly ms: number;
  /** Set where the answer is no text. */
  readonly file: Blob | undefined;
};

const HEADER_OF: Readonly<Record<Secret, readonly [name: string, before: string, shown: string]>> =
  {
    key: ['x-api-key', '', '$KEY'],
    admin: ['admin-secret', '', '$ADMIN_SECRET'],
    metrics: ['authorization', 'Bearer ', '$METRICS_TOKEN'],
  };

/** More of an answer is not shown. */
const MOST_SHOWN = 200_000;

/**
 * Sends what a form holds, and tells of the answer while it comes.
 *
 * @throws whatever `fetch` throws; an Error in words where the form can't be sent.
 */
export async function send(
  operation: Operation,
  filled: Filled,
  secret: string,
  signal: AbortSignal,
  onHeard: (heard: Heard) => void,
): Promise<void> {
  const since = performance.now();
  const headers = new Headers(headersOf(operation, filled));
  if (operation.secret && secret) {
    const [name, before] = HEADER_OF[operation.secret];
    headers.set(name, before + secret);
  }
  const { method } = operation;
  const body = bodyOf(operation, filled);
  const options = { method, headers, signal, cache: 'no-store', credentials: 'omit' } as const;
  const response = await fetch(addressOf(operation, filled), {
    ...options,
    ...(body === undefined ? {} : { body }),
  }).catch((error: unknown) => {
    if (!signal.aborted) serverIsSilent();
    throw error;
  });
  serverIsThere();
  await listen(response, (text, isOver, file) => {
    const { status } = response;
    const ms = performance.now() - since;
    onHeard({ status, headers: [...response.headers], text, isOver, file, ms });
  });
}

async function listen(
  response: Response,
  tell: (text: string, isOver: boolean, file?: Blob) => void,
): Promise<void> {
  const type = response.headers.get('content-type') ?? '';
  const isText = /^text\/|json|^$/.test(type);
  tell('', false);
  if (!isText) {
    const file = await response.blob();
    return tell(`${file.size} bytes of ${type}`, true, file);
  }
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    if (text.length > MOST_SHOWN) continue;
    text += decoder.decode(next.value, { stream: true });
    tell(text, false);
  }
  tell(type.includes('json') ? pretty(text) : text, true);
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function addressOf({ path, parameters }: Operation, { values }: Filled): string {
  const inPath = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    (values[name] ?? '').split('/').map(encodeURIComponent).join('/'),
  );
  const query = parameters
    .filter((each) => each.in === 'query' && values[each.name])
    .map(({ name }) => `${name}=${encodeURIComponent(values[name] ?? '')}`);
  return query.length > 0 ? `${inPath}?${query.join('&')}` : inPath;
}

function headersOf({ parameters, body }: Operation, { values }: Filled): [string, string][] {
  const given = parameters
    .filter((each) => each.in === 'header' && values[each.name])
    .map(({ name }): [string, string] => [name, values[name] ?? '']);
  return body?.type === 'application/json'
    ? [...given, ['content-type', 'application/json']]
    : given;
}

function bodyOf({ body }: Operation, filled: Filled): string | FormData | undefined {
  if (!body) return undefined;
  if (body.type === 'application/json') return filled.body;
  const form = new FormData();
  for (const [name, value] of fieldsOf(filled.body)) form.set(name, value);
  if (!filled.file) throw new Error('Choose a file first.');
  form.set('file', filled.file);
  return form;
}

function fieldsOf(text: string): [string, string][] {
  try {
    return Object.entries(JSON.parse(text)).map(([name, value]) => [name, String(value)]);
  } catch {
    throw new Error('The fields are no valid JSON.');
  }
}

/** The same on a command line. The secrets are left to be put in. */
export function curlOf(operation: Operation, filled: Filled): string {
  const { method, secret, body } = operation;
  const [name = '', before = '', shown = ''] = secret ? HEADER_OF[secret] : [];
  const isForm = body && body.type !== 'application/json';
  const fields = isForm ? fieldsOrNone(filled.body) : [];
  return [
    `curl -sN${method === 'GET' || body ? '' : ` -X ${method}`} "$URL${addressOf(operation, filled)}"`,
    ...(secret ? [`-H "${name}: ${before}${shown}"`] : []),
    ...headersOf(operation, filled).map(([header, value]) => `-H ${quoted(`${header}: ${value}`)}`),
    ...fields.map(([field, value]) => `-F ${quoted(`${field}=${value}`)}`),
    ...(isForm ? [`-F ${quoted(`file=@${filled.file?.name ?? 'recording.wav'}`)}`] : []),
    ...(body && !isForm ? [`-d ${quoted(filled.body)}`] : []),
  ].join(' \\\n  ');
}

function fieldsOrNone(text: string): [string, string][] {
  try {
    return fieldsOf(text);
  } catch {
    return [];
  }
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
