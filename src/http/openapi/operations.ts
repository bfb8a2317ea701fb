import type { Operation } from './operation.ts';
import { CHAT } from './operations/chat.ts';
import { OTHER } from './operations/other.ts';
import { PAGES } from './operations/pages.ts';
import { SERVER } from './operations/server.ts';

/** Every public route. A test holds this list and the router together. */
export const OPERATIONS: readonly Operation[] = [...CHAT, ...OTHER, ...SERVER, ...PAGES];
