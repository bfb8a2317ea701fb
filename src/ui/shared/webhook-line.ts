import type { StateLine } from './state-list.tsx';
import type { Webhook } from './webhook.ts';

const LOOKS = { idle: 'plain', delivered: 'good', retrying: 'warn', failed: 'bad' } as const;

/** The webhook in a line. */
export function webhookLine(webhook: Webhook): StateLine {
  const { host, status, last_event, last_delivery, attempts, error } = webhook;
  const parts = [
    host,
    last_event ?? 'nothing to tell yet',
    attempts > 1 ? `${attempts} attempts` : undefined,
    error,
    last_delivery ? new Date(last_delivery).toLocaleString('en-GB') : undefined,
  ];
  return {
    name: 'Webhook',
    look: LOOKS[status],
    state: status,
    more: parts.filter(Boolean).join(' · '),
  };
}
