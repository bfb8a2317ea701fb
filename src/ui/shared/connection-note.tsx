import { connection } from './connection.ts';
import { Icon } from './icons.tsx';

/** Says what can't be done while the server is out of reach, and nothing otherwise. */
export function ConnectionNote({ still }: { readonly still: string }) {
  const state = connection.value;
  return (
    <div role="status">
      {state !== 'online' && (
        <p class="note warn">
          <Icon name="offline" />
          <span>
            {state === 'offline'
              ? 'This device is offline. '
              : 'The server does not answer; the page keeps asking. '}
            {still}
          </span>
        </p>
      )}
    </div>
  );
}
