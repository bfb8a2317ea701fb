"""Dialogues for the lifeboat, written by a grammar: deterministic by seed, endless in number.

`dialogues(seed, weights)` yields Dialogue(system, turns). Themes live in one file each; a theme draws single exchanges, and its
FOLLOW table draws what may come after one of them ("and of Finland?").
"""

import itertools
from collections import namedtuple
from random import Random

from . import computing, knowledge, languages, natural, numbers, personas, product, refusals, settings, social, words
from .grammar import expand
from .noise import noisy
from .turn import Turn

Dialogue = namedtuple("Dialogue", "system turns")

# Themes with their weights in the parts of training: first the tables and the product; then more of what lies beyond the model,
# and whole sentences beside the grammar's; then more of what is learnt slowly, small talk and words; refusals again; at last what
# needs a careful hand: sums, and words that it can't spell.
THEMES = [
    (product.ask_product, 36, 36, 50, 50, 44), (settings.ask_tables, 8, 8, 9, 9, 9), (social.ask_social, 13, 13, 36, 36, 32),
    (knowledge.ask_relation, 15, 15, 22, 22, 26), (knowledge.ask_fact, 7, 7, 12, 12, 12), (numbers.ask_numbers, 17, 17, 19, 19, 84),
    (computing.ask_definition, 8, 8, 15, 15, 15), (words.ask_words, 9, 9, 36, 30, 36), (refusals.ask_refused, 29, 52, 44, 110, 52),
    (languages.ask_languages, 4, 4, 4, 4, 4), (natural.ask_natural, 0, 20, 28, 36, 30), (words.ask_odd_word, 0, 0, 0, 0, 10),
]
ASKS, EARLY, LATE, BROAD, LAST, CAREFUL = zip(*THEMES)
DRILL_SHARE = 0.08
DRILLS = [29, 15, 16, 10, 30]
FOLLOW = settings.FOLLOW | social.FOLLOW | knowledge.FOLLOW | numbers.FOLLOW | computing.FOLLOW | words.FOLLOW | refusals.FOLLOW

# What people ask next about the product: after these intents, with these words, comes the answer of that intent.
NEXT_ABOUT_PRODUCT = [
    ("401 expired-key invalid-key old-key key-period key-format who-hands-out 429-guess", "{and |so |ok, |}{where do i get the new one|where do i get a new one|how do i get a new one|where do i get one|how do i get it|where is the new one|how do i get the new key|who gives me the new one|where can i find it|how do i fetch it|which call gives me the new one}", "get-key"),
    ("get-key rotate-now who-hands-out 401 expired-key", "{and |ok, |then |}{how do i send it|how do i use it|what do i do with it|where do i put it|in which header do i send it|how do i pass it|which header does it go in|and then|how do i use that key|where does it go}", "send-key"),
    ("get-key key-format send-key chat-how", "{and |}{how long is it valid|how long does it last|when does it change|how often does it change|does it expire|how long does it live|when does it turn|is it valid for ever|how long can i use it}", "key-period"),
    ("key-period old-key get-key", "{and |}{how do i turn it right now|how do i turn it now|can i turn it earlier|how do i change it before|can i force it|how do i force a new one|how do i rotate it by hand|what if i need a new one now|can i rotate it now}", "rotate-now"),
    ("get-key key-period send-key rotate-now", "{and |}{what does it look like|what does the key look like|how long is it, how many characters|what format does it have|which format|how do i recognise it}", "key-format"),
    ("key-period key-expiry get-key", "{and |}{how do i see when it expires|how do i know when|where do i see the date|how much time is left|when exactly|which header shows that}", "key-expiry"),
    ("leak rotate-now get-key key-expiry", "{and |}{which header does that need|what header does it need|where is that secret set|where is that secret|what is the admin secret|what's the admin secret|where do i find the secret|i don't have that secret|which secret|what secret|where do i get the secret|where is this secret configured|who knows the secret}", "admin-secret"),
    ("pull-model model-memory", "{and then|what then|and now|then what|and how do i use it|how do i switch to it|and after that|ok, pulled. and now|it is downloaded, what next|how do i activate it|and to use it}", "use-model"),
    ("pull-model use-model", "{and |}{can i see the list of them|how do i list them|which ones do i have|how do i see them all|where is the list|can i list them|show me the list}", "list-models-cli"),
    ("use-model list-models-cli", "{and |}{how do i get a bigger one|how do i download one|how do i add another|how do i get one|can i have a better one}", "pull-model"),
    ("use-model pull-model", "{and |}{will it fit|how much memory does it need|does it fit in 512 mb|is there enough memory|which one fits}", "model-memory"),
    ("setting groq-key cors", "{and |}{what happens when a setting is wrong|what if it is wrong|what if i set it wrong|what happens when it is invalid|and if the value is wrong}", "exit-78"),
    ("start deploy", "{and |}{the tests|how do i run the tests|what about the tests|how do i test it|and for the tests}", "run-tests"),
    ("start run-tests node-version", "{and |}{what about the groq key|where does the groq key go|where do i put the groq key|where do i put my groq key|do i need a groq key|and the groq key}", "groq-key"),
    ("groq fallback-order why-limited", "{and |}{where do i put my groq key|where does my key for it go|where do i set the key for it|where does the groq key go}", "groq-key"),
    ("start", "{and |}{which node version|what node version do i need|on which node|does it need node 20}", "node-version"),
    ("openai-client chat-how anthropic-client", "{and |}{with streaming|can it stream|what about streaming|how do i stream|streaming too|as a stream|and streamed}", "stream"),
    ("chat-how chat-fields", "{and |}{with the openai sdk|can i use the openai client|what about the openai library|does the openai sdk work too}", "openai-client"),
    ("chat-how openai-client stream", "{and |}{which fields can i send|what else can i send|what other fields are there|which options are there}", "chat-fields"),
    ("chat-how openai-client", "{and |}{where does the key go|how do i send the key|which header|where do i put the key}", "send-key"),
    ("header fallback-order why-limited", "{and |}{how do i turn the fallback off|how do i switch it off|can i turn that off|how do i refuse it|can i avoid the fallback|how do i stop that}", "refuse-fallback"),
    ("why-limited who default-model", "{and |}{what happens when it fails|in which order are they tried|what is tried next|how does the failover work}", "fallback-order"),
    ("who capabilities", "{and |but |}{why are you so limited|why so limited|why are you so small|why are you answering|when will the big one be back|why you|where is the big model|why is that|when is the big one back|and where is the real one}", "why-limited"),
    ("why-limited", "{and |}{when will the big one be back|when will it be back|how long will it take|when|how long|and when does it work again|when is it back|until when}", "why-limited"),
    ("why-limited who", "{and |so |ok, |}{what can you do then|what can you do|what can you help with|and what do you know}", "capabilities"),
    ("why-limited fallback-order", "{and |}{who is groq|what is groq|who is that|groq|what's groq}", "groq"),
    ("unknown live code text translate medicine law money advice action why-not big-arithmetic foreign gibberish", "{ok, |so |fine, |and |well, |then |}{what can you do then|what can you do|what can you help with|what do you know|then what can you do|what can i ask you|what are you good for}", "capabilities"),
    ("unknown live code text advice action why-not complaint", "{ok, |so |and |}{when can you|when will the cloud model be back|when is the cloud back|when will it work|is the cloud down|why isn't the cloud model there|where is the cloud model}", "why-limited"),
    ("foreign gibberish", "{ok|ok,|fine,|okay|sorry,|well} {in english: |in english, |now in english: |}{what is your name|who are you|what are you|what's your name}", "who"),
    ("complaint", "{sorry|sorry, i didn't mean it|sorry, that was rude|never mind|ok, sorry|i didn't mean that|forget it|it's ok|no problem}", "acknowledge"),
    ("usage rate-limit-route metrics", "{and |}{is there a page for it|a page for that|can i see it in a browser|is there a dashboard}", "dashboard"),
    ("models-route alias", "{and |}{which one is the default|which is the default|which one answers|what is the default}", "default-model"),
    ("health", "{and |}{/ready|what about ready|what is /ready then|how does ready differ}", "ready"),
    ("derived-key", "{and |}{when it leaks|if it leaks|how do i turn it for good|and if a derived key leaks}", "key-generation"),
    ("render-asleep start", "{and |}{how do i deploy it|how do i deploy|how was it deployed|which settings does it need there}", "deploy"),
]
BY_NAME = {intent.name: intent for intent in product.INTENTS + social.INTENTS}
ERROR_CODES = {"401": "401", "429": "429", "503": "503", "404": "404", "400": "400", "413": "413", "server-error": "{500|502|504}", "exit-78": "exit code 78"}


def next_about_product(turn, random):
    """A question that follows an answer about the product, or None."""
    if turn.intent in ERROR_CODES and random.random() < 0.4:
        code = random.choice([name for name in ERROR_CODES if name != turn.intent])
        return Turn(expand("{and|and what does|what about|and what about|how about|and what is} " + ERROR_CODES[code] + "{| mean| then|}", random), BY_NAME[code].answer, code, wrap=False)
    fitting = [(asks, target) for names, asks, target in NEXT_ABOUT_PRODUCT if turn.intent in names.split()]
    if not fitting:
        return None
    asks, target = random.choice(fitting)
    return Turn(expand(asks, random), BY_NAME[target].answer, target, wrap=False)


def follow(turn, random):
    """An exchange that hangs on the one before, or None."""
    about_product = next_about_product(turn, random) if turn.intent not in FOLLOW or random.random() < 0.5 else None
    return about_product or (FOLLOW[turn.intent](turn, random) if turn.intent in FOLLOW else None)


def in_persona(turn, name):
    """Who am I, said by a persona."""
    if name and turn.intent == "who":
        turn.answer, turn.recited = f"I'm {name}. Right now I run as the lifeboat, a very small offline model, so my answers are short.", False
    if name and turn.intent == "greeting":
        turn.answer, turn.recited = f"Hello! I'm {name}. How can I help?", False
    return turn


def draw_turn(turns, user_name, persona, weights, random):
    if turns and random.random() < 0.42:
        following = follow(turns[-1], random)
        if following:
            return following
    draw = random.random()
    if user_name and draw < 0.25:
        return social.ask_name(user_name, random)
    if len(turns) < 2 and draw < 0.03 and not user_name:
        return social.give_name(random)
    if persona and draw < 0.4:
        return BY_NAME["who" if draw < 0.34 else "greeting"].turn(random)
    return random.choices(ASKS, weights)[0](random)


def drill(random):
    """Many short questions of one kind in a row: sums, words to spell, to relate or to repeat, or table questions."""
    asks = [numbers.ask_sum, words.ask_spell, words.ask_relation, words.ask_repeat, knowledge.ask_relation]
    turns = [random.choices(asks, DRILLS)[0](random)]
    while len(turns) < 8:
        turns.append(FOLLOW[turns[-1].intent](turns[-1], random) or knowledge.ask_relation(random))
    return turns


def dialogue(random, weights=EARLY):
    if random.random() < DRILL_SHARE:
        return Dialogue(None, drill(random))
    system, persona = personas.system_prompt(random)
    count = random.choices([1, 2, 3, 4, 5, 6, 7, 8], [46, 19, 12, 8, 6, 4, 3, 2])[0]
    turns, user_name = [], None
    while len(turns) < count:
        turn = in_persona(draw_turn(turns, user_name, persona, weights, random), persona)
        if turn.intent == "name-given":
            user_name = turn.key
        if turn.intent == "name-asked":
            turn.answer = f"Your name is {user_name}." if user_name else turn.answer
        if not turn.exact:
            careful = turn.intent in ("spell", "reverse", "word-length", "name-given", "alphabet", "addition", "subtraction", "multiplication", "division", "count", "symbol")
            turn.user = noisy(turn.user, random, may_wrap=turn.wrap, may_slip=not careful)
        turns.append(turn)
    return Dialogue(system, turns)


def dialogues(seed, weights=EARLY):
    """Endless dialogues; the same seed and weights of the themes give the same ones."""
    random = Random(seed)
    for _ in itertools.count():
        yield dialogue(random, weights)
