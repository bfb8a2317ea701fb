import type { ServerResponse } from 'node:http';

/** The status that the caller saw; 499 where it hung up before one was sent. */
export function statusOf({ writableFinished, headersSent, statusCode }: ServerResponse): number {
  return writableFinished || headersSent ? statusCode : 499;
}
