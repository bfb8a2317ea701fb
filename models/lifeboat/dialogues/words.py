"""Playing with words: opposites, plurals, past tenses, spelling, reversing, repeating, the alphabet and the calendar."""

from .grammar import expand
from .turn import SHAPES, Intent, Turn, weighted
from .knowledge import Relation, of
from .refusals import TERMS, UNKNOWN, made_up_thing
from .social import NAMES, made_up_name

OPPOSITES = [pair.split("-") for pair in "hot-cold big-small tall-short long-brief up-down left-right good-bad happy-sad fast-slow old-young new-used rich-poor hard-soft easy-difficult light-dark day-night black-white open-closed full-empty high-low wide-narrow thick-thin strong-weak early-late near-far loud-quiet clean-dirty wet-dry heavy-weightless sweet-sour true-false right-wrong first-last begin-end start-stop come-go give-take buy-sell love-hate win-lose always-never inside-outside above-below front-back push-pull alive-dead brave-cowardly cheap-expensive deep-shallow before-after more-less many-few north-south east-west yes-no friend-enemy smooth-rough sharp-blunt tight-loose safe-dangerous simple-complicated modern-ancient public-private polite-rude asleep-awake arrive-leave build-destroy ask-answer remember-forget laugh-cry find-lose accept-refuse increase-decrease maximum-minimum positive-negative success-failure victory-defeat war-peace summer-winter sunrise-sunset man-woman boy-girl king-queen question-answer entrance-exit floor-ceiling noisy-silent kind-cruel lazy-hard-working honest-dishonest possible-impossible visible-invisible legal-illegal patient-impatient careful-careless useful-useless beautiful-ugly fat-thin straight-curved warm-cool bright-dim raise-lower attack-defend appear-disappear import-export add-subtract multiply-divide".split()]
ONE_WAY = {"difficult": "easy", "light": "dark", "short": "tall", "thin": "thick", "long": "short", "old": "young", "heavy": "light", "right": "left", "answer": "question", "lose": "win", "lazy": "hard-working", "new": "old", "cool": "warm", "small": "big", "large": "small", "little": "big", "quick": "slow", "shut": "open"}


def opposites():
    table = {}
    for pair in OPPOSITES:
        if len(pair) == 2:
            table[pair[0]], table[pair[1]] = pair[1], pair[0]
    for odd in ("brief", "used", "weightless"):
        table.pop(odd)
    return table | ONE_WAY


PLURALS = "mouse=mice|child=children|foot=feet|tooth=teeth|goose=geese|man=men|woman=women|person=people|ox=oxen|louse=lice|knife=knives|wife=wives|life=lives|leaf=leaves|wolf=wolves|half=halves|loaf=loaves|thief=thieves|shelf=shelves|calf=calves|city=cities|baby=babies|party=parties|story=stories|lady=ladies|country=countries|box=boxes|bus=buses|dish=dishes|watch=watches|potato=potatoes|tomato=tomatoes|hero=heroes|cat=cats|dog=dogs|house=houses|book=books|table=tables|car=cars|tree=trees|bird=birds|key=keys|boy=boys|day=days|sheep=sheep|fish=fish|deer=deer|cactus=cacti|crisis=crises|analysis=analyses|phenomenon=phenomena|index=indices|apple=apples|friend=friends|boat=boats|server=servers|glass=glasses|class=classes|church=churches|fox=foxes|family=families|butterfly=butterflies|monkey=monkeys|toy=toys|radio=radios|photo=photos|piano=pianos|roof=roofs"
PASTS = "go=went|run=ran|eat=ate|see=saw|take=took|give=gave|come=came|do=did|have=had|be=was or were|make=made|say=said|get=got|know=knew|think=thought|find=found|tell=told|feel=felt|leave=left|put=put|bring=brought|begin=began|keep=kept|hold=held|write=wrote|stand=stood|hear=heard|let=let|mean=meant|set=set|meet=met|pay=paid|sit=sat|speak=spoke|read=read|grow=grew|lose=lost|fall=fell|send=sent|build=built|understand=understood|draw=drew|break=broke|spend=spent|cut=cut|rise=rose|drive=drove|buy=bought|wear=wore|choose=chose|sing=sang|swim=swam|drink=drank|fly=flew|sleep=slept|teach=taught|catch=caught|fight=fought|forget=forgot|hide=hid|ride=rode|ring=rang|shake=shook|steal=stole|throw=threw|win=won|wake=woke|bite=bit|blow=blew|dig=dug|feed=fed|freeze=froze|hang=hung|lend=lent|shine=shone|stick=stuck|sweep=swept|tear=tore|walk=walked|play=played|work=worked|call=called|look=looked|ask=asked|help=helped|love=loved|live=lived|jump=jumped|stop=stopped|try=tried|carry=carried|study=studied"

SPELLABLE = "house garden water river cat dog bird tree boat table chair apple bread milk light night day moon sun star cloud rain snow wind fire earth sea sand stone hill mountain forest flower grass leaf road street city town village school book page word letter paper pencil music song dance game ball door window wall roof floor room kitchen bed lamp clock phone radio car train plane ship bus bike wheel engine key lock box bag shoe shirt coat hat glove ring gold silver iron glass wood plastic paint brush knife fork spoon plate cup bottle salt sugar honey cheese butter egg meat fish soup cake fruit orange banana lemon grape melon berry carrot potato tomato onion horse cow sheep goat pig duck goose chicken mouse rabbit fox wolf bear lion tiger monkey snake frog spider bee ant fly hand foot head hair eye ear nose mouth tooth arm leg heart blood bone skin brain man woman child baby boy girl friend mother father sister brother uncle aunt king queen doctor teacher farmer baker sailor soldier hello world please thanks good happy green blue red yellow black white brown purple seven eight three four five nine ten hundred thousand summer winter spring autumn monday friday sunday january april june august server cloud model token stream error code data file disk screen mouse keyboard button network internet message answer question number picture beautiful because friend people language computer program important different together tomorrow yesterday morning evening breakfast holiday birthday weather umbrella elephant butterfly chocolate sandwich hospital library station airport market bridge island ocean planet rocket robot secret castle dragon wizard pirate treasure".split()
OTHER_WORDS = "quiet lamp anchor basket candle desert eagle feather guitar hammer insect jacket kettle ladder magnet needle oyster pepper quilt ribbon saddle temple urn velvet walnut yarn zebra amber blanket copper dolphin ember falcon glacier harbor ivory jungle kingdom lantern meadow nectar orchard pebble raven shadow thunder valley willow crystal breeze canyon drift echo flame grove haze inlet jewel knot ledge maple north olive plum quartz reef slate tide umber vine wheat yew zinc simple gentle clever brave silent golden broken hidden frozen ancient narrow modern sunny rusty tiny huge rapid sudden tender wild warm cold soft hard long short open walk run jump sing read write draw sleep think build carry follow gather listen measure notice order pull push reach send start travel visit wait wash".split()
LITTLE = "the a my your this that on in under near with and of to is at by for over".split()

SPELL = "{spell WORD|can you spell WORD|how do you spell WORD|how is WORD spelled|how is WORD spelt|spell the word WORD|please spell WORD|how do i spell WORD|spelling of WORD|spell out WORD|can you spell the word WORD|could you spell WORD for me|how does one spell WORD|tell me how to spell WORD|WORD, how is it spelled|WORD letter by letter|which letters are in WORD|how to spell WORD|spell WORD for me|what's the spelling of WORD|how do you write WORD|say the letters of WORD|break WORD into letters|i can't spell WORD|the letters of WORD}"
REVERSE = "{reverse WORD|WORD backwards|write WORD backwards|spell WORD backwards|what is WORD backwards|reverse the word WORD|can you reverse WORD|what is WORD in reverse|WORD reversed|say WORD backwards|turn WORD around|WORD in reverse order|what's WORD spelled backwards|please reverse WORD|read WORD from the end|write the word WORD backwards|flip the word WORD|WORD the other way round|how does WORD look backwards|reverse the letters of WORD|mirror WORD|could you write WORD backwards|what does WORD give backwards}"
REPEAT = "{say|please say|repeat|repeat after me:|can you say|echo|write|reply with|answer with|just say|say exactly|respond with|please repeat|type|print|say only|say only the word|say only the words|reply only with|please reply with the words|say the words|say the word|just answer|please reply with|please reply with the word|repeat this:|repeat the following:|now say|repeat these words:|answer only with|respond only with|could you say|output|copy this:|please write|say back to me|tell me back:|repeat exactly:|please echo|return the text|answer with exactly|send back|i want you to say|parrot this:}"
LENGTH = "{how many letters {has|does|are in|are there in|in} {the word |}WORD{| have|}|how long is the word WORD|number of letters in WORD|count the letters {in|of} WORD|the length of the word WORD}"

# Words that it isn't taught to spell; it has to say so instead of spelling a like one.
ODD_WORDS = [term for term in TERMS if term.isalpha() and term != "onomatopoeia"]

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
NEXT = "{{what|which} KIND {comes|is|follows|goes|comes next} {after|next after} NAME|{what|which} KIND follows NAME|what {comes|is|follows} {after|right after} NAME|{the |}KIND after NAME|after NAME comes {what|which KIND}|NAME is followed by {what|which KIND}|{what|which} {is|'s} the next KIND after NAME|tell me the KIND after NAME|{what|which} KIND is {it |}after NAME|name the KIND {after|that follows|following} NAME|{if|when} today is NAME, what is tomorrow}"
BEFORE = "{{what|which} KIND {comes|is|goes} {before|right before|just before} NAME|what {comes|is} {before|right before} NAME|{the |}KIND before NAME|before NAME comes {what|which KIND}|{what|which} KIND precedes NAME|tell me the KIND before NAME|name the KIND before NAME|{what|which} is the KIND before NAME}"
DAY_COUNT = "{how many days {has|does|are in|are there in|is|in} NAME{| have|}|{the |}number of days in NAME|NAME has how many days|how long is {the month of |}NAME|days in NAME|how many days are in the month of NAME|is it 30 or 31 days in NAME|how many days NAME}"

COMMON = {word for pair in OPPOSITES[:50] for word in pair}
RELATIONS = [
    Relation("opposite", opposites().items(), "{{what is|what's|whats|what would be|what might be|can you tell me|find|give me|tell me|do you know|name|say|i need|state|i'm looking for} {the|an|} {opposite|antonym|contrary|exact opposite} {of|for|to} {the word |}NAME|{opposite|antonym} of NAME|NAME opposite|NAME - opposite|NAME: opposite|the opposite of NAME|{what|which word} is the opposite {of|to} NAME|{which|what} word {is|means} the opposite of NAME|NAME is the opposite of {what|which word}|opposite: NAME|what is not NAME|the contrary of NAME is what|antonym for NAME|what's the contrary of NAME|can you give me the opposite of NAME|the word NAME, what's its opposite}", "The opposite of NAME is VALUE.", weight=2.8, often=COMMON),
    Relation("plural", [pair.split("=") for pair in PLURALS.split("|")], "{" + of("{plural|plural form|plural}")[1:-1] + "|one NAME, two what|one NAME, many|the plural of {the word |}NAME|how do you {say|write|form} the plural of NAME|what is more than one NAME called|more than one NAME is what|many NAME or what|NAME in the plural|NAME in plural}", "The plural of NAME is VALUE.", weight=1.6),
    Relation("past-tense", [pair.split("=") for pair in PASTS.split("|")], "{" + of("{past tense|past|simple past|past form}")[1:-1] + "|{past tense|past|simple past} of {the verb |}{to |}NAME|how do you say NAME in the past|today i NAME, yesterday i {what|...}|put NAME into the past{| tense|}|what is NAME in the past{| tense|}|NAME in the past tense|the verb NAME in the past}", "The past tense of NAME is VALUE.", weight=1.6),
]


def spelled(word):
    return "-".join(word)


def quoted(word, random):
    return random.choice([word, word, word, f"'{word}'", f'"{word}"'])


def ask_spell(random):
    word = random.choice(SPELLABLE)
    return Turn(expand(SPELL, random).replace("WORD", quoted(word, random)), f"{word} is spelled {spelled(word)}.", "spell", word, recited=False)


def ask_reverse(random):
    word = random.choice(SPELLABLE)
    return Turn(expand(REVERSE, random).replace("WORD", quoted(word, random)), f"{word} backwards is {word[::-1]}.", "reverse", word, recited=False)


def follow_word(turn, random):
    word = turn.key if random.random() < 0.55 else random.choice(SPELLABLE)
    named = "" if word is turn.key else " " + word
    if (turn.intent == "spell") != (random.random() < 0.35):
        user = expand("{and|what about|what is|now|and what is} {it |that |}backwards|{now |and |}{reverse|turn around} {it|that}|and {reversed|in reverse|the other way round}", random) if not named else expand("{and|what about|now}", random) + named + random.choice([" backwards", " reversed", " in reverse"])
        return Turn(user, f"{word} backwards is {word[::-1]}.", "reverse", word, wrap=False, recited=False)
    user = expand("{and |now |}{spell it|how is it spelled|spelled normally|spell that word|and forwards}", random) if not named else expand("{and|now|and how about|what about} {spell |the spelling of |}", random).rstrip() + named
    if named and turn.intent == "reverse" and "spell" not in user:
        user = "and spell" + named
    return Turn(user, f"{word} is spelled {spelled(word)}.", "spell", word, wrap=False, recited=False)


def ask_length(random):
    word = random.choice(SPELLABLE)
    return Turn(expand(LENGTH, random).replace("WORD", quoted(word, random)), f"{spelled(word)}: {len(word)} letters.", "word-length", word, recited=False)


def ask_odd_word(random):
    word = random.choice(ODD_WORDS) if random.random() < 0.5 else made_up_thing(random)
    shape = random.choices([SPELL, REVERSE, LENGTH], [6, 3, 1])[0]
    return Turn(expand(shape, random).replace("WORD", quoted(word, random)), UNKNOWN, "unknown")


def some_word(random):
    draw = random.random()
    if draw < 0.38:
        return random.choice(SPELLABLE)
    if draw < 0.68:
        return random.choice(OTHER_WORDS)
    if draw < 0.8:
        return random.choice(LITTLE)
    if draw < 0.87:
        return made_up_name(random).lower() if random.random() < 0.6 else random.choice(NAMES)
    if draw < 0.93:
        return str(random.randint(0, 999))
    return made_up_name(random)


def ask_repeat(random):
    phrase = " ".join(some_word(random) for _ in range(random.choice([1, 1, 2, 2, 3, 4, 5, 6, 8])))
    if random.random() < 0.15:
        phrase = phrase[:1].upper() + phrase[1:]
    mark = random.choice(["", "", "", '"', "'"])
    start = expand(REPEAT, random)
    if random.random() < 0.4:
        start = start[:1].upper() + start[1:]
    return Turn(f"{start} {mark}{phrase}{mark}{random.choice(['', '', '', '.', ' please'] if mark else [''])}", phrase, "repeat", exact=True, recited=False)


def ask_letter(random):
    at = random.randrange(26)
    letter = chr(65 + at)
    shown = letter if random.random() < 0.6 else letter.lower()
    draw = random.random()
    if draw < 0.45 and at < 25:
        return Turn(expand(NEXT, random).replace("KIND", "letter").replace("NAME", shown), f"{chr(66 + at)} comes after {letter}.", "alphabet", recited=False)
    if draw < 0.75 and at > 0:
        return Turn(expand(BEFORE, random).replace("KIND", "letter").replace("NAME", shown), f"{chr(64 + at)} comes before {letter}.", "alphabet", recited=False)
    return Turn(expand("{{which|what} {number|place|position} {is|has} {the letter |}NAME{| in the alphabet| have in the alphabet}|the {position|place|number} of {the letter |}NAME in the alphabet|where in the alphabet is {the letter |}NAME}", random).replace("NAME", shown), f"{letter} is letter number {at + 1} of the alphabet.", "alphabet", recited=False)


def calendar(kind, names, after, at, user):
    name, other = names[at], names[(at + (1 if after else -1)) % len(names)]
    return Turn(user.replace("KIND", kind).replace("NAME", name), f"{other} comes {'after' if after else 'before'} {name}.", "calendar-" + kind, at, recited=False)


def ask_calendar(random):
    kind, names = random.choice([("day", DAYS), ("month", MONTHS)])
    at = random.randrange(len(names))
    draw = random.random()
    if kind == "month" and draw < 0.4:
        return month_days(at, expand(DAY_COUNT, random))
    after = draw < 0.7
    return calendar(kind, names, after, at, expand(NEXT if after else BEFORE, random))


def month_days(at, user):
    answer = f"{MONTHS[at]} has {MONTH_DAYS[at]} days{', in a leap year 29' if at == 1 else ''}."
    return Turn(user.replace("NAME", MONTHS[at]), answer, "month-days", at, recited=False)


def follow_month_days(turn, random):
    draw = random.random()
    if draw < 0.6:
        return month_days(random.randrange(12), expand("{and|what about|and what about|how about|and how many has} NAME{| then|}", random))
    after = draw < 0.85
    word = "after" if after else "before"
    user = expand("{{and |}{what|which} month {comes|comes next|is} WORD {it|that|that one}|and the {month|one} WORD {it|that}|the month WORD {it|that}}", random).replace("WORD", word)
    return calendar("month", MONTHS, after, turn.key, user)


def follow_calendar(turn, random):
    kind, names = ("day", DAYS) if turn.intent == "calendar-day" else ("month", MONTHS)
    at, after = random.randrange(len(names)), random.random() < 0.6
    return calendar(kind, names, after, at, expand("{and|what about|and what comes|and which KIND is} " + ("after" if after else "before") + " NAME", random))


LISTS = [
    Intent("calendar-list", "The months are January, February, March, April, May, June, July, August, September, October, November and December.", 1.0, say="{name|list|say|what are|tell me} {the|all|all the|the twelve} months{| of the year| in order|}", np="the {names of the |}months{| of the year|}"),
    Intent("calendar-list", "The days are Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.", 1.0, say="{name|list|say|what are|tell me} {the|all|all the|the seven} {days|weekdays|days of the week}{| in order|}", np="the {names of the |}days of the week"),
    Intent("alphabet-list", "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z.", 1.0, say="{say|recite|write|list|tell me|do you know|show me} {the alphabet|all letters|the letters of the alphabet|the abc}|the alphabet|abc"),
]
ask_list = weighted(LISTS)


def ask_relation(random):
    return random.choices(RELATIONS, [relation.weight for relation in RELATIONS])[0].turn(random)


def ask_words(random):
    return random.choices([ask_relation, ask_spell, ask_reverse, ask_length, ask_repeat, ask_letter, ask_calendar, ask_list], [30, 11, 13, 4, 28, 15, 18, 3])[0](random)


def follow_relation(turn, random):
    return next(relation for relation in RELATIONS if relation.name == turn.intent).follow(turn, random)


FOLLOW = {relation.name: follow_relation for relation in RELATIONS} | {"spell": follow_word, "reverse": follow_word, "month-days": follow_month_days, "calendar-day": follow_calendar, "calendar-month": follow_calendar, "repeat": lambda turn, random: ask_repeat(random)}
