/** How the delivery of the turn's notices goes. */
export type Webhook = {
  readonly host: string;
  readonly status: 'idle' | 'delivered' | 'retrying' | 'failed';
  readonly last_event: string | null;
  readonly last_delivery: string | null;
  readonly attempts: number;
  readonly error: string | null;
};
