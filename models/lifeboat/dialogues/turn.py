"""The words that all themes share: one exchange, and an intent that recites one answer."""

from dataclasses import dataclass

from .grammar import alternatives, expand

# Kinds of phrases an intent may bring, and the question shapes they are put into ("@" is the phrase).
SHAPES = {
    "np": "{what is @|what's @|whats @|@|@|tell me @|do you know @|can you tell me @|could you tell me @|i'd like to know @|i want to know @|i need to know @|remind me of @|what is @ again|what was @ again|what would @ be|please tell me @|name @|give me @|i forgot @|what exactly is @|any idea what @ is|do you happen to know @|do you know what @ is|can you tell me what @ is|i wonder what @ is|let me know @|@ please|what might @ be|can you name @|could you name @ for me|can you give me @|what can you tell me about @|i'm looking for @|tell me what @ is|state @|i don't remember @|help me with @|do you remember @|@, do you know it|@ is what}",
    "how": "<how> @",
    "why": "{<whyhead> @|@, why|@. why is that|@ and i don't know why}",
    "problem": "{<lead>@<tail>|<lead>@<tail>|<lead>@<tail>|<whyhead> @}",
    "where": "<where> @",
    "term": "{<use> @<usetail>|<use> @<usetail>|@|what does @ mean|what is @|what is @ for|what's @|whats @|meaning of @|explain @|i don't get @|@ explained|what's the meaning of @|why @|what does @ do|what does @ say|tell me what @ means|i see @, what is it}",
    "say": "@",
}


@dataclass
class Turn:
    """One exchange. `exact` texts get no noise; a `recited` answer is one that the model learns by heart."""

    user: str
    answer: str
    intent: str
    key: object = None
    exact: bool = False
    wrap: bool = True
    recited: bool = True


class Intent:
    """Many ways to ask, one answer. Keyword arguments name kinds of SHAPES; their alternatives stand without outer braces."""

    def __init__(self, name, answer, weight=1.0, **phrases):
        self.name, self.answer, self.weight = name, answer, weight
        self.kinds = [(SHAPES[kind], "{" + text + "}") for kind, text in phrases.items()]
        self.shares = [min(alternatives(text), 14) * (0.6 if kind == "say" else 1) + 2 for kind, text in phrases.items()]

    def ask(self, random):
        shape, phrases = random.choices(self.kinds, self.shares)[0]
        return expand(shape, random).replace("@", expand(phrases, random))

    def turn(self, random):
        return Turn(self.ask(random), self.answer, self.name)


def weighted(intents):
    """Draws turns from intents by their weights."""
    weights = [intent.weight for intent in intents]
    return lambda random: random.choices(intents, weights)[0].turn(random)
