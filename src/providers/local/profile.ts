import type { HistoryCut, Unsure } from './protocol.ts';

/** What a model needs to be at its best, and what it is good for. Data, not code paths. */
export type Profile = {
  /** Sampling where the request says nothing. */
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly repeatPenalty: number;
  /** The longest answer where the request says nothing; undefined: as long as the context holds. */
  readonly answerTokens?: number | undefined;
  /** Set for models that only follow short dialogues; others refuse what doesn't fit. */
  readonly history?: HistoryCut | undefined;
  /** Set for models that know too little to be believed at every word. */
  readonly unsure?: Unsure | undefined;
  /** Whether it may carry on a text that another model began, whatever it is about. */
  readonly mayContinue: boolean;
  /** Whether it goes on from plain text outside of its chat template. */
  readonly mayComplete: boolean;
  /** Whether its vectors mean anything. */
  readonly mayEmbed: boolean;
  /** Whether it can choose and fill tool calls at all. */
  readonly mayCallTools: boolean;
};

const INSTRUCT: Profile = {
  temperature: 0.7,
  topP: 0.95,
  topK: 40,
  minP: 0.05,
  repeatPenalty: 1,
  mayContinue: true,
  mayComplete: true,
  mayEmbed: true,
  mayCallTools: true,
};

const PROFILES: Readonly<Record<string, Profile>> = {
  lifeboat: {
    ...INSTRUCT,
    temperature: 0,
    answerTokens: 120,
    history: { maxTokens: 400, systemTokens: 60, earlierExchanges: 6 },
    // Below this its sentences are more often wrong than right, and nearly all mangled words are there.
    unsure: {
      below: 0.4,
      saysInstead: "I don't know that: I'm a small offline model with only a few facts",
    },
    mayContinue: false,
    mayComplete: false,
    mayEmbed: false,
    mayCallTools: false,
  },
};

/** The profile of a model by its name; a general one for instruct models that aren't listed. */
export function profileOf(modelName: string): Profile {
  return (Object.hasOwn(PROFILES, modelName) ? PROFILES[modelName] : undefined) ?? INSTRUCT;
}
