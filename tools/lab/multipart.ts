import { createHash } from 'node:crypto';
import type { JsonObject } from './json.ts';

/** The fields of a multipart form; a file becomes its name, size and SHA-256. */
export function multipartFields(contentType: string, body: Buffer): JsonObject | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!boundary) return undefined;
  const mark = Buffer.from(`--${boundary}`);
  const fields: [string, unknown][] = [];
  let start = body.indexOf(mark);
  while (start >= 0) {
    const next = body.indexOf(mark, start + mark.length);
    if (next < 0) break;
    const field = fieldOf(body.subarray(start + mark.length + 2, next - 2));
    if (field) fields.push(field);
    start = next;
  }
  return Object.fromEntries(fields);
}

function fieldOf(part: Buffer): [string, unknown] | undefined {
  const headEnd = part.indexOf('\r\n\r\n');
  const head = part.toString('utf8', 0, Math.max(0, headEnd));
  const name = /\bname="([^"]*)"/.exec(head)?.[1];
  if (headEnd < 0 || name === undefined) return undefined;
  const value = part.subarray(headEnd + 4);
  const filename = /\bfilename="([^"]*)"/.exec(head)?.[1];
  if (filename === undefined) return [name, value.toString()];
  const sha256 = createHash('sha256').update(value).digest('hex');
  return [name, { filename, bytes: value.length, sha256 }];
}
