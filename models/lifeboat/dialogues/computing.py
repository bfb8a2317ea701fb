"""Short definitions of computing words."""

from .grammar import expand
from .turn import Turn

# names (first with its article where it has one) = definition
WORDS = """
an API|api|application programming interface=An API is a way for programs to talk to each other by fixed rules.
JSON|json format|json file=JSON is a text format for data, made of names and values in braces and lists in brackets.
YAML|yaml file=YAML is a text format for settings and data that uses indentation.
XML|xml file=XML is a text format for data that wraps everything in named tags.
CSV|csv file=CSV is a text format for tables: one line a row, with commas between the cells.
HTML|html page=HTML is the language in which web pages are written.
CSS|stylesheet=CSS is the language that says how a web page looks.
HTTP|http protocol=HTTP is the protocol by which browsers and programs talk to web servers.
HTTPS|https=HTTPS is HTTP over an encrypted connection.
TLS|ssl|transport layer security=TLS is the protocol that encrypts connections on the internet.
a URL|url|web address=A URL is the address of a page or resource on the web.
a DNS|dns|domain name system=DNS is the system that turns names such as example.com into IP addresses.
an IP address|ip address|ip=An IP address is the number by which a machine is found on a network.
a domain|domain name=A domain is a name on the internet, such as example.com.
a port|network port|tcp port=A port is a number that says which program on a machine a connection is for.
TCP|tcp protocol=TCP is the protocol that delivers data over a network whole and in order.
UDP|udp protocol=UDP is a protocol that sends packets fast, without a promise that they arrive.
a socket|network socket=A socket is one end of a connection between two programs.
a WebSocket|websocket=A WebSocket is a lasting connection on which browser and server can both send at any time.
a proxy|proxy server|reverse proxy=A proxy is a server that passes requests on to another server for you.
a firewall|firewall=A firewall is a guard that blocks unwanted network connections.
a router|router=A router is a device that passes data between networks.
a VPN|vpn|virtual private network=A VPN is an encrypted tunnel through which a machine joins another network.
a server|server|web server=A server is a program or machine that answers requests from others.
a client|client=A client is a program that sends requests to a server.
a browser|web browser=A browser is a program that shows web pages.
the cloud|cloud computing|cloud=The cloud means other people's computers that you use over the internet.
a database|database|db=A database is a store of data that can be searched and changed in an orderly way.
SQL|sql language=SQL is the language for asking and changing databases.
an index|database index=An index is a sorted list that lets a database find rows quickly.
a transaction|database transaction=A transaction is a group of changes that happen all together or not at all.
Redis|redis server=Redis is a fast store that keeps data in memory.
a cache|cache|caching=A cache is a fast store for things that will be needed again soon.
a cookie|browser cookie=A cookie is a small piece of data that a website keeps in your browser.
a session|session=A session is the time in which a server remembers the same user.
a compiler|compiler=A compiler is a program that turns source code into machine code.
an interpreter|interpreter=An interpreter is a program that runs source code directly, line by line.
a debugger|debugger=A debugger is a tool for stopping a program and looking inside.
a bug|software bug=A bug is a mistake in a program.
an algorithm|algorithm=An algorithm is a clear list of steps that solves a problem.
a variable|variable=A variable is a name for a value in a program.
a function|function=A function is a named piece of code that can be called with inputs.
a loop|loop=A loop is code that is repeated.
recursion|recursive function=Recursion is when a function calls itself.
a class|class=A class is a plan for objects: their data and what they can do.
an object|object=An object is a thing in a program that holds data and functions together.
an array|array=An array is a list of values in a fixed order.
a string|text string=A string is a piece of text in a program.
an integer|integer=An integer is a whole number.
a boolean|boolean=A boolean is a value that is either true or false.
a pointer|pointer=A pointer is a value that holds the address of something in memory.
a stack|stack=A stack is a pile of values: the last one put on is the first one taken off.
a queue|queue=A queue is a line of values: the first one in is the first one out.
a hash|hash function|hashing=A hash is a short fixed-size fingerprint of some data.
a hash table|hash map|hash table=A hash table is a store that finds values quickly by their keys.
a tree|tree structure=A tree is a structure in which each node has one parent and any number of children.
a graph|graph structure=A graph is a set of points with lines between them.
a regular expression|regex|regexp=A regular expression is a pattern that describes pieces of text.
a library|software library=A library is ready-made code that other programs use.
a framework|framework=A framework is a ready-made frame into which you put your own code.
a package|package=A package is code bundled so that it can be installed.
npm|npm registry=npm is the package manager of Node.
Node|node.js|nodejs=Node is a program that runs JavaScript outside the browser.
JavaScript|javascript language|js=JavaScript is the programming language of the web.
TypeScript|typescript=TypeScript is JavaScript with types.
Python|python language=Python is a programming language known for being easy to read.
Java|java language=Java is a programming language that runs on a virtual machine.
C|the c language=C is an old and fast programming language, close to the machine.
Rust|rust language=Rust is a fast programming language that guards against memory mistakes.
Git|git=Git is a tool that keeps the history of files, mostly of source code.
a commit|git commit=A commit is one saved step in the history of a project.
a branch|git branch=A branch is a separate line of work in a project's history.
a pull request|pull request|merge request=A pull request is a proposal to merge changes into a project.
a repository|repo|repository=A repository is the place where a project's files and history are kept.
GitHub|github=GitHub is a website where projects kept in Git are stored and shared.
open source|open source software=Open source means that the source code may be read, changed and shared.
source code|source code=Source code is a program as people write and read it.
a terminal|terminal|console=A terminal is a window in which you type commands.
a shell|command shell|bash=A shell is a program that runs the commands you type.
curl|curl command=curl is a command-line tool that sends requests to servers.
an operating system|operating system|os=An operating system is the program that runs a computer and all other programs on it.
Linux|linux=Linux is a free operating system.
a kernel|kernel=A kernel is the core of an operating system.
a process|process=A process is a running program.
a thread|thread=A thread is one line of work inside a process.
a CPU|cpu|processor=A CPU is the part of a computer that carries out the programs.
a GPU|gpu|graphics card=A GPU is a chip that does many simple sums at once, for graphics or AI.
RAM|ram|random access memory=RAM stands for random access memory: the fast memory in which running programs keep their data.
ROM|rom|read-only memory=ROM stands for read-only memory: it can be read but not changed.
a hard disk|hard disk|hard drive=A hard disk is a device that keeps data when the power is off.
an SSD|ssd|solid state drive=An SSD is a disk without moving parts that keeps data on chips.
a bit|bit=A bit is the smallest piece of data: 0 or 1.
a byte|byte=A byte is eight bits.
binary|binary system|binary number=Binary is counting with only two digits, 0 and 1.
Unicode|unicode=Unicode is the table that gives every character of every script a number.
UTF-8|utf8=UTF-8 is the usual way to store Unicode text as bytes.
ASCII|ascii=ASCII is an old table of 128 characters and their numbers.
a file|computer file=A file is a named piece of data on a disk.
a backup|backup=A backup is a copy of data for the case that the original is lost.
encryption|encrypting=Encryption is turning data into a form that only the holder of a key can read.
a password|password=A password is a secret word that proves who you are.
an API key|api key=An API key is a secret text that a program sends to prove that it may use an API.
authentication|auth=Authentication is proving who you are.
authorization|authorisation=Authorization is deciding what somebody may do.
OAuth|oauth=OAuth is a way to let one service act for you at another without giving it your password.
two-factor authentication|2fa|two factor authentication=Two-factor authentication asks for a second proof, such as a code, besides the password.
phishing|phishing mail=Phishing is tricking people into giving away secrets by false messages.
malware|malware=Malware is software made to do harm.
a computer virus|computer virus=A computer virus is a program that copies itself and does harm.
spam|spam mail=Spam is unwanted mail or messages.
a language model|llm|large language model|llms|language models=A language model is a program that has learnt from text which words come next, and so writes answers.
artificial intelligence|ai|artificial intelligence=AI, artificial intelligence, is software that does things which seem to need thinking.
machine learning|machine learning|ml=Machine learning is programming by examples: the program finds the rules in data.
a neural network|neural net|neural network=A neural network is a program made of many small connected sums whose weights are learnt from data.
a transformer|transformer model=A transformer is a neural network that relates all words of a text to each other; most language models are one.
a token|token|tokens=A token is the piece of text, a word or part of one, that a language model reads and writes.
a tokenizer|tokenizer=A tokenizer is the program that cuts text into tokens.
a prompt|prompt=A prompt is the text that you send to a language model.
a system prompt|system prompt|system message=A system prompt tells a language model how to behave, before the user speaks.
temperature|temperature of a model|sampling temperature=Temperature says how much chance a language model uses: 0 always takes the likeliest word.
an embedding|embedding|embeddings=An embedding is a list of numbers that stands for the meaning of a text.
a context window|context window|context length=The context window is how much text a language model can see at once.
hallucination|hallucinations=A hallucination is when a language model states something false as if it were true.
fine-tuning|fine tuning|finetuning=Fine-tuning is training a ready model a little further for a task.
training|model training=Training is how a model learns: its weights are changed until its answers fit the examples.
inference|inference=Inference is running a trained model to get answers.
GGUF|gguf file|gguf format=GGUF is the file format in which llama.cpp keeps models.
quantization|quantisation|q8_0|quantized model=Quantization stores a model's weights with fewer bits, so that it is smaller and faster.
llama.cpp|llamacpp=llama.cpp is a program that runs language models on ordinary computers.
a chatbot|chatbot=A chatbot is a program that you can talk to in writing.
a webhook|webhook=A webhook is a request that a service sends you when something happens.
REST|rest api=REST is a style of APIs in which URLs name things and HTTP verbs act on them.
GraphQL|graphql=GraphQL is a query language for APIs in which the client says what fields it wants.
an endpoint|endpoint|api endpoint=An endpoint is one address of an API that does one thing.
a header|http header=A header is a named line sent with a request or an answer, such as content-type.
server-sent events|sse|event stream=Server-sent events are a stream of small messages from a server over one HTTP answer.
latency|latency=Latency is the time that passes until an answer begins.
bandwidth|bandwidth=Bandwidth is how much data a connection can carry in a second.
throughput|throughput=Throughput is how much work is done in a second.
a load balancer|load balancer=A load balancer is a server that spreads requests over several others.
exponential backoff|exponential back-off=Exponential backoff means waiting longer after each failed attempt.
a container|container|docker container=A container is a packed program with all that it needs, run apart from the rest of the machine.
Docker|docker=Docker is a tool that packs programs into containers and runs them.
Kubernetes|k8s=Kubernetes is a system that runs containers on many machines.
a virtual machine|vm|virtual machine=A virtual machine is a computer made of software inside another computer.
cron|cron job|cronjob=Cron is a timer that runs commands at set times.
an environment variable|env variable|environment variable|env var=An environment variable is a named value that a program gets from outside when it starts.
a log|log file=A log is a file in which a program writes down what it does.
CI|continuous integration=CI, continuous integration, tests every change to a project automatically.
a unit test|unit test=A unit test is a small program that checks one piece of code.
Prometheus|prometheus=Prometheus is a program that collects metrics from servers and stores them.
CORS|cross-origin resource sharing=CORS is the rule by which a server tells browsers which other websites may call it.
idempotent|idempotency=Idempotent means that doing something twice has the same effect as doing it once.
asynchronous|async|asynchronous code=Asynchronous means that a program goes on working while it waits for a result.
a deadlock|deadlock=A deadlock is when two parts of a program wait for each other for ever.
a race condition|race condition=A race condition is a bug that depends on which of two things happens first.
a memory leak|memory leak=A memory leak is when a program keeps memory that it no longer needs.
a pixel|pixel=A pixel is one dot of a picture.
a PDF|pdf|pdf file=A PDF is a file that looks the same on every screen and in print.
Wi-Fi|wifi|wi-fi=Wi-Fi is a way to join a network by radio.
Bluetooth|bluetooth=Bluetooth is a way to connect devices by radio over a short distance.
the internet|internet=The internet is the worldwide network that connects computers.
the World Wide Web|www|world wide web=The World Wide Web is all the pages that are linked together on the internet.
an email|email|e-mail=Email is letters sent between computers.
a keyboard|keyboard=A keyboard is the set of keys on which you type.
a computer|computer=A computer is a machine that follows programs.
software|software=Software is the programs that run on a computer.
hardware|hardware=Hardware is the parts of a computer that you can touch.
a program|computer program=A program is a list of instructions for a computer.
a robot|robot=A robot is a machine that moves and acts by a program.
a Turing test|turing test=The Turing test asks whether people can tell a machine's answers from a person's.
"""
SHAPES = "{what is FULL|what's FULL|whats FULL|what is FULL|what are BARE|what exactly is FULL|explain FULL|explain BARE|define BARE|define FULL|please define BARE|BARE|BARE|what does BARE mean|what does BARE {stand for|mean exactly|mean in computing}|meaning of BARE|the meaning of BARE|definition of BARE|the definition of FULL|describe FULL{| in one line| in one sentence| briefly|}|could you describe BARE{| in one line|}|tell me what FULL is|tell me about BARE|what do {people|you|they|programmers|developers} mean by {FULL|BARE}|i keep hearing about BARE, what {is it|are they|is that|does it mean}|i don't know what FULL is|can you explain {FULL|BARE}{| to me| simply| in simple words|}|could you explain {FULL|BARE}|what is meant by {FULL|BARE}|do you know what FULL is|in short, what is FULL|what is the {purpose|idea|point|use|definition|meaning} of {FULL|BARE}|what is FULL{| good for| for| used for|}|give me a {short |}definition of BARE|BARE {meaning|definition|explained|means}|what is {this|that} BARE{| thing|}|how would you {define|explain|describe} {FULL|BARE}|the word BARE, what does it mean|what do you understand by BARE|i never understood {FULL|BARE}|say what {FULL|BARE} is|explain BARE, {what is it|what does it mean}|someone mentioned {FULL|BARE}, what is {it|that}|what does one need FULL for|is BARE something to eat, or what is it|eli5 BARE|explain like i'm five: {FULL|BARE}|why do {people|we} need {FULL|BARE}|i'm new to computers, what is FULL|how does FULL work}"
FOLLOW_SHAPES = "{and|and what is|what about|and what about|how about|and what's|and|also|now|then what is} {FULL|BARE}{| then| please|}"


def entries():
    table = []
    for line in WORDS.strip().splitlines():
        names, definition = line.split("=", 1)
        full, *others = names.split("|")
        table.append((full, sorted({strip_article(full), *others}), definition))
    return table


def strip_article(name):
    first, _, rest = name.partition(" ")
    return rest if first in ("a", "an", "the") else name


TABLE = entries()


def ask(shapes, random, wrap):
    full, others, definition = random.choice(TABLE)
    bare = random.choice(others) if random.random() < 0.5 else strip_article(full)
    return Turn(expand(shapes, random).replace("FULL", full).replace("BARE", bare), definition, "definition", full, wrap=wrap)


def ask_definition(random):
    return ask(SHAPES, random, True)


def follow_definition(turn, random):
    return ask(FOLLOW_SHAPES, random, False)


FOLLOW = {"definition": follow_definition}
