import type { AttemptFacts } from './attempts.ts';
import type { HttpRequest } from './http-request.ts';
import { parseJson } from './json.ts';
import { multipartFields } from './multipart.ts';

/** What the log keeps of a request besides the request: route, key and parsed body. */
export function factsOf({ path, headers, body }: HttpRequest, socket: number): AttemptFacts {
  const type = headers['content-type'] ?? '';
  return {
    route: path.replace(/^\/openai\/v1|^\/v1/, '') || '/',
    key: /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1],
    body: type.startsWith('multipart/')
      ? multipartFields(type, body)
      : parseJson(body.toString('utf8')),
    socket,
  };
}
