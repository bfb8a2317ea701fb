import type { IssuedKey, KeyRing } from '../../keys/key-ring.ts';
import type { Handler } from '../state.ts';

/** `GET /current-key`: the key of this week, for the admin. */
export function currentKeyRoute(ring: KeyRing): Handler {
  return async (ctx) => {
    ctx.body = keyView(await ring.current());
  };
}

/** `POST /rotate-key`: turns the key now, after a leak. */
export function rotateKeyRoute(ring: KeyRing): Handler {
  return async (ctx) => {
    ctx.body = keyView(await ring.rotate());
  };
}

/** A key as its admin gets it. */
export function keyView({ key, keyId, createdAt, expiresAt, secondsLeft, warning }: IssuedKey) {
  return {
    api_key: key,
    expiry: new Date(expiresAt).toISOString(),
    created: new Date(createdAt).toISOString(),
    key_id: keyId,
    seconds_left: secondsLeft,
    ...(warning ? { warning } : {}),
  };
}
