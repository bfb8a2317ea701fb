"""A grammar of one line: `{a|b|}` chooses one (nestable), `<name>` stands for an entry of the lexicon."""

from functools import lru_cache

LEXICON = {
    "server": "{the server|this server|the proxy|this proxy|keyturn|the api|this api|the service|this service|this thing|the app|it|the gateway}",
    "key": "{the|a|my|our|the current|the new|a new|a valid|the right|this week's|an active|the latest|the working|today's} {key|api key|access key|client key|sk key}",
    "groq": "{groq|the cloud|the cloud model|the big model|the real model|the usual model|the normal model|the proper model|the main model|the good model|the other model}",
    "now": "{| now| right now| at the moment| today| currently| at present|}",
    "please": "{| please|}",
    "how": "{how do i|how can i|how could i|how would i|how do we|how do you|how does one|how should i|how to|what do i do to|what do i need to do to|what's the way to|what is the best way to|can you tell me how to|tell me how to|show me how to|explain how to|i want to|i need to|i would like to|i'd like to|i'm trying to|i have to|help me|help me to|is it possible to|is there a way to|can i|could i|can we|am i able to|any way to|steps to|what are the steps to|any idea how to|do you know how to|please explain how to|what command do i use to|how am i supposed to|what must i do to|i don't know how to|not sure how to|could you tell me how to|we want to|we need to|my team wants to|i wonder how to|i can't figure out how to|would it be possible to|how might one|what would i do to|where can i|where do i|how do people|how do my users|how is one supposed to|what does it take to}",
    "whyhead": "{why is it that|how come|any idea why|can you tell me why|do you know why|i don't understand why|what does it mean that|what does it mean when|tell me why|i wonder why|explain why|what is the reason that|what's the reason that|could you explain why|i'd like to know why|what is wrong when|what should i do when|what do i do if|what can i do when|what to do when|what happens when|what happens if}",
    "tail": "{|| what now| what should i do| help| why| why is that| what do i do| how do i fix this| how do i fix that| how do i fix it| any ideas| what's wrong| what does that mean| what does this mean| what is going on| what's going on| please help| can you help| is that normal| what happened| how can i solve this| what can i do| what to do| i'm stuck| and i don't know why| what's the problem| what next| what is the cause| how come| any hint|, is it my fault| now what| do you know why}",
    "lead": "{|||||help, |problem: |since today |suddenly |today |now |every time |whenever i try, |all of a sudden |since this morning |for an hour now |hm, |sometimes |again and again |lately }",
    "show": "{show me|give me|i need|can i see|could you show me|can you give me|do you have|please show me|i'd like to see|let me see|write down|post|send me|may i see}",
    "where": "{where is|where's|where can i find|where do i find|where can i see|where do i see|where do i look for|where would i find|how do i find|where might i see|where are|in which place is|which page shows|which route shows|which route gives|which url shows|which endpoint has|what endpoint shows|which endpoint returns|what path gives|is there a route for|is there a page for|is there an endpoint for|do you have a page for|can i see|can i look at|show me|how do i see|how can i look at|how can i get at|i want to see|i'd like to see|i need to see}",
    "what": "{what is|what's|whats|what exactly is|explain|please explain|can you explain|could you explain|tell me about|tell me what|describe|define|do you know what|can you tell me what|what does|what do you know about|i don't know what|what do people mean by|what is meant by|give me a short explanation of|i'd like to know about|what do i need to know about|i heard about|i read about|what about|say something about}",
    "use": "{what is|what's|whats|what does|what do i use|what is the purpose of|what is the use of|what's the point of|explain|please explain|can you explain|could you explain|tell me about|describe|when do i need|why would i use|how does|how do i use|what happens with|what can you tell me about|what's the meaning of|i don't understand|what do you know about|do i need|i saw|i found|i read about|what's the deal with|info on|a word on|details about}",
    "usetail": "{|| mean| do| for| good for| used for| about| exactly| stand for| tell me| tell us| work| here| please| there for|, what is it|, what does it do|, what does it mean|, what's that}",
}


@lru_cache(maxsize=None)
def parse(text):
    """The text as a tuple of parts; a part is a string or a tuple of alternatives, each parsed likewise. Outer braces may be left out."""
    if bars_outside_braces(text):
        text = "{" + text + "}"
    parts, _ = parse_sequence(text, 0, top=True)
    return parts


def bars_outside_braces(text):
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "|" and depth == 0:
            return True
    return False


def parse_sequence(text, at, top=False):
    parts, plain = [], ""
    while at < len(text) and (top or text[at] not in "|}"):
        if text[at] == "{":
            alternatives, at = parse_alternatives(text, at + 1)
            parts, plain = parts + [plain, alternatives], ""
        elif text[at] == "<" and text[at + 1:text.find(">", at)] in LEXICON:
            end = text.index(">", at)
            parts, plain = parts + [plain, (parse(LEXICON[text[at + 1:end]]),)], ""
            at = end + 1
        else:
            plain, at = plain + text[at], at + 1
    return tuple(part for part in parts + [plain] if part != ""), at


def parse_alternatives(text, at):
    alternatives = []
    while True:
        sequence, at = parse_sequence(text, at)
        alternatives.append(sequence)
        if text[at] == "}":
            return tuple(alternatives), at + 1
        at += 1


def pick(parts, random):
    return "".join(part if isinstance(part, str) else pick(random.choice(part), random) for part in parts)


def expand(text, random):
    """One sentence of the grammar, with single spaces."""
    return " ".join(pick(parse(text), random).split(" ")).replace("  ", " ").strip()


def alternatives(text):
    """How many alternatives a text offers at its top level, written without outer braces."""
    (outer,) = parse("{" + text + "}")
    return len(outer)
