import type { z } from 'zod';
import { ApiError } from '../core/errors.ts';

/**
 * Reads a body by its schema.
 *
 * @throws ApiError that names the field at fault.
 */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const issue = first && deepest(first);
  const param = issue?.path.join('.');
  const isMissing = issue?.code === 'invalid_union' && valueAt(body, issue.path) === undefined;
  const what = isMissing ? 'is missing.' : issue ? describe(issue) : 'is not valid';
  throw invalid(param ? `${param} ${what}` : `The body ${what}`, param);
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    body,
  );
}

/** Of a field that may be several things, the complaint of the one that was meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const complaints = issue.errors.flatMap(([first]) => (first ? [deepest(first)] : []));
  const meant =
    complaints.find(({ code, path }) => code === 'too_big' && path.length === 0) ??
    complaints.find(({ path }) => path.length > 0) ??
    complaints.find(({ code }) => code !== 'invalid_type');
  return meant ? { ...meant, path: [...issue.path, ...meant.path] } : issue;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}.`;
  if (issue.code === 'invalid_union') return 'has the wrong type.';
  if (issue.code === 'too_small') {
    const isList = issue.origin === 'array' || issue.origin === 'string';
    return isList ? 'must not be empty.' : `must be at least ${issue.minimum}.`;
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'array' || issue.origin === 'string'
      ? `is too long: at most ${issue.maximum}.`
      : `must be at most ${issue.maximum}.`;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}.`;
  return 'is not valid.';
}

function article(type: string): string {
  const word = type === 'int' ? 'whole number' : type;
  return /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}

/** The request is wrong; `param` is the field at fault. */
export function invalid(message: string, param?: string): ApiError {
  return new ApiError('invalid_request', message, param ? { param } : {});
}

/** The request is understood, but this server or its providers can't do that. */
export function notSupported(message: string, param: string): ApiError {
  return new ApiError('not_supported', message, { param });
}
