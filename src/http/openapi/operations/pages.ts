import type { Operation } from '../operation.ts';

/** What browsers open. */
export const PAGES: readonly Operation[] = [
  pageAt('/', 'chatPage', 'The chat'),
  pageAt('/dashboard', 'dashboardPage', 'What the server does'),
  pageAt('/admin', 'adminPage', 'The key, for its keeper'),
  pageAt('/docs', 'docsPage', 'This description, with forms to try it'),
  {
    on: ['GET /assets/{name}'],
    name: 'asset',
    tag: 'pages',
    summary: 'What a page loads',
    about: 'Its name holds a digest of its content: it never changes.',
    access: 'all',
    parameters: ['assetName'],
    answer: { says: 'The file', mediaType: '*/*', headers: ['etag'] },
    otherwise: { 304: { says: 'Not changed', headers: ['etag'] } },
    errors: ['not_found'],
  },
];

function pageAt(path: string, name: string, summary: string): Operation {
  return {
    on: [`GET ${path}`],
    name,
    tag: 'pages',
    summary,
    access: 'all',
    answer: { says: 'The page', mediaType: 'text/html', headers: ['etag'] },
    otherwise: { 304: { says: 'Not changed', headers: ['etag'] } },
  };
}
