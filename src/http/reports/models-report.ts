import type { Model } from '../../core/model.ts';
import type { ModelView } from '../../limits/limit-book.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Price } from '../../usage/prices.ts';
import type { ModelsReport } from './models-schema.ts';

type Options = {
  readonly models: readonly Model[];
  /** Windows of the models that were asked. */
  readonly windows: readonly ModelView[];
  /** Limits that are known without asking. */
  readonly limitsOf: (model: string) => { readonly limits: Limits };
  readonly priceOf: (model: string) => Price | undefined;
  readonly breakers: readonly { readonly model: string; readonly state: string }[];
  readonly local: { readonly servedBy: string; available(): boolean };
};

/** Every model with its limits, price, health and other names. */
export function modelsReport(options: Options): ModelsReport {
  const { models, priceOf } = options;
  return {
    object: 'list',
    data: models.map((model) => {
      const target = aliasOf(model) ?? model.id;
      const price = priceOf(target);
      return {
        ...model,
        aliases: models.filter((each) => aliasOf(each) === model.id).map(({ id }) => id),
        limits: limitsIn(target, options),
        price: price ? withoutGaps(price) : null,
        health: healthOf(target, options),
      };
    }),
  };
}

function aliasOf(model: Model): string | undefined {
  const target = model['alias_of'];
  return typeof target === 'string' ? target : undefined;
}

function withoutGaps({ input, output, cached_input }: Price) {
  return { input, output, ...(cached_input === undefined ? {} : { cached_input }) };
}

function limitsIn(model: string, { windows, limitsOf }: Options) {
  const seen = windows.find((each) => each.model === model)?.windows ?? [];
  const known = limitsOf(model).limits;
  const limitOf = (name: keyof Limits) =>
    seen.find((window) => window.name === name)?.limit ?? known[name] ?? null;
  return { rpm: limitOf('rpm'), rpd: limitOf('rpd'), tpm: limitOf('tpm'), tpd: limitOf('tpd') };
}

function healthOf(model: string, { windows, breakers, local }: Options) {
  if (model === local.servedBy) return local.available() ? 'ok' : 'unavailable';
  const states = breakers.filter((each) => each.model === model);
  if (states.length > 0 && states.every(({ state }) => state !== 'closed')) return 'failing';
  const keys = windows.filter((each) => each.model === model);
  const isUsedUp = keys.length > 0 && keys.every(isFull);
  return isUsedUp ? 'out_of_quota' : 'ok';
}

function isFull({ windows, closedForMs }: ModelView): boolean {
  return closedForMs > 0 || windows.some(({ remaining }) => remaining !== null && remaining < 1);
}
