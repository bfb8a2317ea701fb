import type { ChatRequest } from '../core/chat.ts';
import { isPlainText } from './plain-text.ts';

/** Who may answer a request. */
export type Route = {
  /** Cloud models, in the order in which they are asked. */
  readonly cloud: readonly string[];
  /** Whether the local model may answer in the end. */
  readonly local: boolean;
  /** Set when the asked model is known to be retired and its successor is asked instead. */
  readonly replaced?: { readonly asked: string; readonly by: string } | undefined;
};

type Options = {
  /** `GROQ_MODEL`. */
  readonly main: string;
  /** `GROQ_FALLBACK_MODELS`. */
  readonly fallbacks: readonly string[];
  /** The model that another name stands for. */
  readonly aliasOf: (name: string) => string | undefined;
  /** The successor of a retired model. */
  readonly successorOf: (model: string) => string | undefined;
  /** True for the local model's names. */
  readonly isLocal: (model: string) => boolean;
  /** Told once for every retired name. */
  readonly onReplaced?: (asked: string, by: string) => void;
};

/** Retired names whose warning is remembered. */
const MAX_WARNED = 100;

/**
 * Plans who is asked: the asked model, then the main one, then the fallbacks, each once, then the
 * local model, as far as the caller allows it. `models: […]` replaces the cloud part.
 */
export function router(options: Options): (request: ChatRequest) => Route {
  const { main, fallbacks, aliasOf, successorOf, isLocal, onReplaced } = options;
  const warned = new Set<string>();
  const usual = [main, ...fallbacks];

  /** Each is asked once, and the local model comes last. */
  function add(model: string, cloud: string[]): void {
    if (!isLocal(model) && !cloud.includes(model)) cloud.push(model);
  }

  function warn(model: string, successor: string): void {
    if (warned.has(model) || warned.size >= MAX_WARNED) return;
    warned.add(model);
    onReplaced?.(model, successor);
  }

  /** The model that is asked in the end. */
  function resolve(name: string): string {
    const model = aliasOf(name) ?? name;
    const successor = successorOf(model);
    if (successor) warn(model, successor);
    return successor ?? model;
  }

  return ({ params, models, fallback }) => {
    const asked = models?.[0] ?? params.model ?? main;
    const by = resolve(asked);
    if (isLocal(by)) return { cloud: [], local: true };
    const isAlone = fallback === 'off' || (fallback === 'text-only' && !isPlainText(params));
    const cloud = [by];
    if (!isAlone) for (const name of models ?? usual) add(resolve(name), cloud);
    const local = !isAlone && fallback !== 'local-off';
    const isRetired = successorOf(aliasOf(asked) ?? asked) !== undefined;
    return { cloud, local, replaced: isRetired ? { asked, by } : undefined };
  };
}
