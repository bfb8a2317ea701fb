import { z } from 'zod';

/** Milliseconds since the epoch, as far as a Date goes. */
const moment = z.number().min(0).max(8.64e15);

const pastKey = z.object({ hash: z.string(), turned_at: moment });

const keyState = z.object({
  version: z.literal(1),
  /** Made at first boot where none is set in the environment. */
  admin_secret: z.string().optional(),
  /** The valid key in stored mode. */
  key: z.object({ value: z.string().min(1), created_at: moment, expires_at: moment }).optional(),
  /** SHA-256 of the keys before it, newest first. */
  past: z.array(pastKey),
  /** Turns of derived keys by hand, where they outgrew `KEY_GENERATION`. */
  generation: z.number().int().optional(),
  /** The keys of whose turn and end the webhook was told last, by their ids. */
  told: z.object({ turned: z.string().optional(), expiring: z.string().optional() }).optional(),
});

/** What `db.json` holds. */
export type KeyState = z.infer<typeof keyState>;

/** A key that no longer passes. */
export type PastKey = z.infer<typeof pastKey>;

/** How many past keys are still recognised as expired instead of unknown. */
export const PAST_KEYS = 8;

/** An empty state, for a first boot. */
export const emptyKeyState: KeyState = { version: 1, past: [] };

/**
 * Reads a kept state. There is one version so far; a later one upgrades older forms here.
 *
 * @throws when it is not a state of a known version.
 */
export function parseKeyState(kept: unknown): KeyState {
  return keyState.parse(kept);
}
