"""Tables of the product: settings with their defaults, answer headers, and the causes in the trail."""

from .grammar import expand
from .turn import Turn

# name: (what it is, default, ways to ask for it without its name)
SETTINGS = {
    "PORT": ("the port that the server listens on", "3000", "which port {does the server listen on|is used|is it on|do i connect to}|what port {is it|does it use|is the server on}|how do i {change|set} the port|the port"),
    "HOST": ("the address that the server listens on", "0.0.0.0", "which address does the server listen on|how do i bind to {localhost|one address|127.0.0.1}|the listen address"),
    "DATA_DIR": ("the directory where the server keeps its data", "./data", "where does {the server|it|keyturn} {keep|store|save|write} its {data|files}|{which|what} {directory|folder} {holds|has} the data|how do i {change|set|move} the data {directory|folder}|the data directory"),
    "KEY_ROTATION_DAYS": ("the number of days after which the key turns", "7", "which setting {changes|sets|says|decides|controls} how often the key {turns|rotates|changes|expires}|how do i {make the key live longer|change the rotation period|make the key turn every day|change how often the key turns|set another lifetime|turn the key less often}|the setting for the {rotation|key lifetime}"),
    "GROQ_BASE_URL": ("the address of Groq's API, or of a double of it", None, "how do i {change|set} groq's {address|url|base url}|which setting holds groq's address"),
    "GROQ_TIMEOUT_MS": ("the time that a whole answer from Groq may take, in milliseconds", "60000", "how long may {a whole answer|groq|an answer} take|which setting limits groq's time|the groq timeout"),
    "FIRST_TOKEN_TIMEOUT_MS": ("the time that a stream may take to its first token, in milliseconds", "10000", "how long {does it wait|does the server wait|may it take} {for|to|until} the first token|the first token timeout"),
    "STREAM_IDLE_TIMEOUT_MS": ("the longest silence between two events of a stream, in milliseconds", "15000", "how long may a stream be {silent|idle|quiet}|the stream idle timeout"),
    "FAILOVER_BUDGET_MS": ("the time for all attempts up to the first token of a stream, in milliseconds", "25000", "how {long|much time} does {the failover|failing over} {take|have} at most|the failover budget"),
    "EARLY_HEADERS_MS": ("the wait after which a stream gets its headers and comment pings, in milliseconds", "15000", "when do {comment pings|pings} start|the early headers time"),
    "TRUST_PROXY": ("the number of proxies in front of the server whose headers are trusted", "0", "how many proxies are trusted|how do i run it behind {a proxy|nginx|a load balancer}"),
    "CORS_ORIGIN": ("the web origin that browsers may call the server from", "*", "how do i {restrict|limit|configure|set|enable|change} cors|which {origins|websites} may call the server|a cors error"),
    "MAX_CONCURRENT": ("the number of calls to Groq that may be open at once, with a waiting line of as many", "50", "how many {calls|requests} {may|can} be open at {once|the same time}|the concurrency limit|how many parallel requests are {allowed|possible}"),
    "GROQ_MAX_TOKENS": ("the max_tokens for requests that bring none", "unset", "which setting limits the length of answers|a default for max_tokens"),
    "GROQ_TEMPERATURE": ("the temperature for requests that bring none", "unset", "a default for the temperature|which setting holds the default temperature"),
    "GROQ_LIMITS": ("the table of Groq's limits: auto, or off to switch own limits off", "auto", "how do i switch off the {limits|own limits}|which setting switches the limits off"),
    "LOG_LEVEL": ("the amount that the server logs", None, "how do i {change|set|raise|lower} the {log level|logging|amount of logs}|how do i get {more logs|debug logs|fewer logs|debug output}|which setting {changes|sets} the log level|the log level"),
    "HTTPS_PROXY": ("the web proxy through which the server reaches Groq", None, "how do i {reach groq|go out} through {a web proxy|a company proxy|a corporate proxy}|i'm behind a {company|corporate} proxy"),
    "MODEL_ALIASES": ("the list of more names for models, such as fast=openai/gpt-oss-20b", None, "how do i give a model {another|a short} name|which setting adds {names|aliases} of models|how do i {add|define} an alias"),
    "MODEL_SPLIT": ("the shares by which requests that name no model are spread over several", None, "how do i try {two models|models} side by side|how do i {split|share} requests between {two models|models}"),
    "GROQ_PRICES": ("the list of prices that differ from the built-in table", None, "how do i {change|set|correct} the prices|which setting holds the prices"),
    "CALLER_RPM": ("the number of requests a minute that one caller address may make", "unset", "how do i limit {one caller|a single client|each caller}|what keeps one caller from starving the others|is there a limit for each caller"),
    "CACHE_TTL_S": ("the number of seconds for which answers to exact repeats are kept; 0 means no cache", "0", "is there a cache|how do i {switch on|enable|use} the cache|are answers {cached|kept for repeats}|how long are answers cached"),
    "CACHE_MAX_MB": ("the memory for kept answers, in megabytes", "16", "how much memory does the cache use|how big is the cache"),
    "LOCAL_QUEUE": ("the number of requests that may wait for the local model", "8", "how many requests may wait for the local model|how long is the local queue"),
    "LOCAL_CONTEXT": ("the context of the local model, in tokens", "1024", "how {long|big} is the context of the local model|which setting holds the local context"),
    "LOCAL_THREADS": ("the number of threads of the local model", "unset", "how many threads does the local model use|how do i give the local model more threads"),
    "LOCAL_MEMORY_MB": ("the cap on memory for the local model, in megabytes", "unset", "how do i limit the memory of the local model|which setting caps the local memory"),
    "ROTATION_WEBHOOK_URL": ("the address that is told when the key turns, and a day before", None, "{can|how can} {the server|keyturn} tell {me|us|a program} when the key turns|is there a webhook|how do i set up a webhook"),
    "ROTATION_WEBHOOK_SECRET": ("the secret that signs what the webhook is told", None, "how is the webhook signed|which secret signs the webhook"),
    "NO_PROXY": ("the list of hosts that are reached without the web proxy", None, "which hosts skip the web proxy"),
}

HEADERS = {
    "x-served-by": ("x-served-by names who answered, for example groq/openai/gpt-oss-120b or local/lifeboat.", "how {can|do} i {tell|see|know|find out|check} {which model|who|what model|whether groq or the local model} {answered|replied|wrote the answer|served me|really answered}|{which|what} header {names|shows|tells|says|holds|has} {me |}{the model that replied|who answered|which model answered|the model|the provider|the answering model}|how do i see {who|which model} served {me|my request}|was this from groq or local"),
    "x-fallback-trail": ("x-fallback-trail lists what was tried and why it failed, for example groq/openai/gpt-oss-120b:timeout, local/lifeboat.", "where {can|do} i see {which providers were tried|what was tried before|why groq failed|why the fallback answered|which models failed|what failed}{| before|}|{which|what} header {lists|shows|names|tells} {the models that were tried|what was tried|why it failed|the failed models|the causes|the attempts}|how do i {see|find out} why {groq|the first model} {failed|did not answer}|why did i get the fallback, which header says it"),
    "x-request-id": ("x-request-id is the number of your request. Give it to the operator, who finds the request in the log by it.", "how do i {find|name|identify} {my|a|one} request {in the log|for the operator}|{which|what} header identifies {my|a|the} request"),
    "content-type": ("Send content-type: application/json with every JSON body.", "{which|what} content type {do i send|is needed|must i use}"),
}

CAUSES = {
    "timeout": "the provider took too long", "connect": "no connection could be made", "429": "the provider's limit was used up", "limit": "our own count of the model's limit was used up",
    "breaker_open": "the breaker was open after repeated faults", "auth": "Groq refused the operator's key", "model_gone": "the model is retired or unknown", "context": "the conversation was too long for the model",
    "garbage": "the answer could not be understood", "cut": "the stream broke off", "stall": "the stream went silent", "inband": "the stream reported an error", "prefill": "the model could not carry the text on",
}

SETTING_SHAPES = "{<use> <name><usetail>|<use> the setting <name>|<name>|<name>?|what is the default {of|for} <name>|what's the default {of|for|value of} <name>|default of <name>|what's the default <name>|what is <name>{| by default| set to|}|explain <name>|what does <name> {do|mean|set|change|control}|what is <name> for|how do i set <name>|which value {has|should i give} <name>|what happens when i set <name>|meaning of <name>|what {value|number} does <name> have|tell me about <name>|i don't understand <name>|<name> default|how much is <name>}"
FOLLOW_SHAPES = "{and|and of|what about|and what about|how about|and the default of|and what is|and what does|and for|what is|also|and also} <name>{| then| mean| please|}"


def setting_answer(name):
    meaning, default, _ = SETTINGS[name]
    return f"{name} is {meaning}." + (f" Default: {default}." if default else "")


def fill(shape, name, random):
    return expand(shape.replace("<name>", "NAME"), random).replace("NAME", name if random.random() < 0.75 else name.lower())


def ask_setting(random):
    name = random.choice(sorted(SETTINGS))
    user = expand("{" + SETTINGS[name][2] + "}", random) if random.random() < 0.45 else fill(SETTING_SHAPES, name, random)
    return Turn(user, setting_answer(name), "setting", name)


def ask_header(random):
    name = random.choice(sorted(HEADERS))
    answer, free = HEADERS[name]
    user = expand("{" + free + "}", random) if random.random() < 0.5 else expand("{<use> {NAME|the NAME header|the header NAME}<usetail>|NAME|what does {the |}NAME {header |}mean|what is NAME{| for|}}", random).replace("NAME", name)
    return Turn(user, answer, "header", name)


def ask_cause(random):
    cause = random.choice(sorted(CAUSES))
    user = expand("{what does NAME mean in {the trail|x-fallback-trail|the fallback trail}|the {trail|fallback trail} {says|ends with|shows|contains|has} {model:|:|}NAME{|, what is that|, why|}|x-fallback-trail says {groq/openai/gpt-oss-120b:|groq/openai/gpt-oss-20b:|}NAME{|, what does that mean|}|what is the cause NAME in the trail|groq/openai/gpt-oss-120b:NAME|NAME in the trail}", random).replace("NAME", cause)
    return Turn(user, f"In the trail, {cause} means that {CAUSES[cause]}.", "cause", cause)


def follow_setting(turn, random):
    name = random.choice(sorted(SETTINGS))
    return Turn(fill(FOLLOW_SHAPES, name, random), setting_answer(name), "setting", name, wrap=False)


def follow_header(turn, random):
    name = random.choice(sorted(HEADERS))
    return Turn(fill(FOLLOW_SHAPES, name, random), HEADERS[name][0], "header", name, wrap=False)


def ask_tables(random):
    return random.choices([ask_setting, ask_header, ask_cause], [6, 2, 1])[0](random)


FOLLOW = {"setting": follow_setting, "header": follow_header}
