import type { LiveFeed } from '../live-feed.ts';
import type { Handler } from '../state.ts';
import { STREAM_HEADERS } from '../write-events.ts';

/** `GET /api/live`: everything that the dashboard shows, then its changes, as server-sent events. */
export function liveRoute(feed: LiveFeed): Handler {
  return (ctx) => {
    const { res } = ctx;
    const open = () => {
      ctx.set({ ...STREAM_HEADERS, 'cache-control': 'no-store' });
      ctx.status = 200;
    };
    if (ctx.method === 'HEAD') return open();
    const leave = feed.join({
      write: (event) => {
        if (!res.headersSent) open();
        return res.write(event);
      },
      isBusy: () => res.writableNeedDrain,
      end: (event) => res.end(event),
      drop: () => res.destroy(),
    });
    ctx.respond = false;
    res.once('close', leave);
  };
}
