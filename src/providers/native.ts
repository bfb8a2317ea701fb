import type { ChatParams, ChatRequest, FallbackPolicy } from '../core/chat.ts';
import { layered, type Provider } from '../core/provider.ts';
import type { NativeProvider } from '../core/relay.ts';
import { chain } from './chain.ts';
import { isPlainText } from './plain-text.ts';
import { usageOnce } from './usage-once.ts';

type ChainOptions = Parameters<typeof chain>[0];

/**
 * The road of requests in another API's shape: along the chain's cloud models, which know the shape
 * as their own, then to the local model, which gets the same question as a chat.
 */
export function nativeRoad(options: ChainOptions): NativeProvider {
  const { local, ...rest } = options;
  return {
    relay: async ({ params, chat, ...head }, signal) => {
      let shape: 'own' | 'chat' = 'own';
      const asChat: Provider & { readonly servedBy: string } = {
        servedBy: local.servedBy,
        chat: (request, until) => {
          shape = 'chat';
          const asked: ChatRequest = {
            ...request,
            params: { ...chat(), model: local.servedBy },
            body: undefined,
          };
          return layered([usageOnce()], local).chat(asked, until);
        },
      };
      const road = chain({ ...rest, local: asChat });
      const fallback = policyFor(head.fallback, chat);
      const asked = { ...head, fallback, params: { ...params, messages: [] } };
      const reply = await road.chat(asked, signal);
      return { shape, reply };
    },
  };
}

/** Whether it is plain text only the chat tells; what no chat can say is more than that. */
function policyFor(policy: FallbackPolicy, chat: () => ChatParams): FallbackPolicy {
  if (policy !== 'text-only') return policy;
  try {
    return isPlainText(chat()) ? 'on' : 'off';
  } catch {
    return 'off';
  }
}
