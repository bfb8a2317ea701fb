"""Arithmetic within the promised range, the honest word beyond it, counting, and exact unit conversions."""

from .grammar import expand
from .turn import Turn

BEYOND = "I can't do that sum: I only do plus and minus up to 100 and the times table up to 10. Please use a calculator."
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()

FRAMES = "{SUM|SUM|SUM|SUM|SUM|SUM =|SUM=|SUM = ?|SUM=?|what is SUM|what's SUM|whats SUM|how much is SUM|calculate SUM|compute SUM|work out SUM|can you work out SUM for me|can you calculate SUM|please calculate SUM|what does SUM {make|come to|equal|give|yield}|SUM is|SUM is what|SUM equals|SUM equals what|SUM makes|the result of SUM|tell me SUM|solve SUM|do you know what SUM is|add up: SUM|quick, SUM|how many is SUM|i need SUM|can you do SUM|what would SUM be|what do i get for SUM|answer this: SUM|do the maths: SUM|math: SUM|give me SUM|could you tell me what SUM is|is it true that you can do SUM|let me test you: SUM|evaluate SUM|SUM please|SUM, how much is that|what number is SUM}"
WORDED = {
    "+": "{add A and B|add A to B|{what is |whats |what's |}the sum of A and B|sum of A and B|if i add A and B, what do i get|A added to B|i have A {apples|coins|euros|books|eggs} and get B more, how many do i have{| now| in all}|what do A and B make{| together|}|A and B{| make what| is what| together}|what do you get if you add A and B|how much is A and B{| together}|total of A and B|A more than B|increase A by B|put A and B together|sum up A and B|A and B added}",
    "-": "{subtract B from A|take B from A|take B away from A|take away B from A|{what is |whats |}the difference {between|of} A and B|difference between A and B|A less B|A take away B|i have A {apples|coins|euros|books|eggs} and {give away|lose|eat|spend} B, how many {are left|remain|do i have left}|what is left of A {after taking|without|minus} B|A reduced by B|deduct B from A|if i take B from A, what is left|what remains if i take B from A|how much is A without B|B less than A|B from A}",
    "*": "{multiply A by B|multiply A and B|multiply A with B|{what is |whats |}the product of A and B|product of A and B|A multiplied by B|A groups of B|A times B is|if i multiply A by B, what do i get|A bags with B {apples|coins|eggs} each, how many in all|A by B}",
    "/": "{divide A by B|A divided by B|share A by B|how many times does B go into A|how often does B go into A|{what is |}A shared among B|A split by B|the quotient of A and B}",
}
SIGNS = {
    "+": ["+", " + ", " + ", " plus ", " plus ", "+ ", " and ", " added to "],
    "-": ["-", " - ", " - ", " minus ", " minus ", " less ", " take away "],
    "*": ["*", " * ", "x", " x ", " times ", " times ", " X ", " multiplied by "],
    "/": ["/", " / ", ":", " divided by ", " divided by ", " over "],
}
SHOWN = {"+": "+", "-": "-", "*": "x", "/": "/"}
NAMES = {"+": "addition", "-": "subtraction", "*": "multiplication", "/": "division"}


def word(number):
    """A number up to 100 in English words."""
    if number < 20:
        return ONES[number]
    if number == 100:
        return "one hundred"
    return TENS[number // 10] + ("-" + ONES[number % 10] if number % 10 else "")


def operands(sign, random):
    if sign == "*":
        return random.randint(0 if random.random() < 0.1 else 1, 10), random.randint(1, 10)
    if sign == "/":
        divisor = random.randint(1, 10)
        return divisor * random.randint(1, 10), divisor
    top = random.choice([10, 20, 100, 100, 100])
    first, second = random.randint(0, top), random.randint(0, top)
    return (max(first, second), min(first, second)) if sign == "-" and random.random() < 0.85 else (first, second)


def result(sign, a, b):
    return {"+": a + b, "-": a - b, "*": a * b, "/": a // b if b else 0}[sign]


def shown_numbers(a, b, random):
    if random.random() < 0.12:
        dash = random.choice(["-", " "])
        return word(a).replace("-", dash), word(b).replace("-", dash)
    return str(a), str(b)


def question(sign, a, b, random):
    a_text, b_text = shown_numbers(a, b, random)
    worded = random.random() < 0.3
    if not worded:
        sign_text = random.choice(SIGNS[sign])
        if not a_text[0].isdigit() and sign_text.strip() in ("x", "X", ":", "/", "*"):
            sign_text = " " + sign_text.strip() + " "
        return expand(FRAMES, random).replace("SUM", a_text + sign_text + b_text)
    text = expand(WORDED[sign], random)
    return text.replace("A", "\0").replace("B", b_text).replace("\0", a_text)


def ask_sum(random, sign=None):
    sign = sign or random.choices("+-*/", [30, 44, 18, 8])[0]
    a, b = operands(sign, random)
    return Turn(question(sign, a, b, random), f"{a} {SHOWN[sign]} {b} = {result(sign, a, b)}.", NAMES[sign], sign, recited=False)


def follow_sum(turn, random):
    sign = turn.key if random.random() < 0.5 else random.choices("+-*/", [30, 44, 18, 8])[0]
    a, b = operands(sign, random)
    a_text, b_text = shown_numbers(a, b, random)
    user = expand("{and|and what is|what about|and what about|how about|now||and how much is|then|ok, now} ", random) + " " + a_text + random.choice(SIGNS[sign]) + b_text
    return Turn(user.strip(), f"{a} {SHOWN[sign]} {b} = {result(sign, a, b)}.", NAMES[sign], sign, wrap=False, recited=False)


def big(random):
    return random.choice([random.randint(101, 999), random.randint(101, 999), random.randint(1000, 9999), random.randint(10000, 9999999)])


def ask_beyond(random):
    """Sums that are out of the promised range."""
    kind = random.randrange(7)
    if kind < 3:
        sign = random.choice("+-**/")
        a, b = random.choice([(big(random), big(random)), (big(random), random.randint(2, 99)), (random.randint(11, 99), random.randint(11, 99) if sign in "*/" else big(random))])
        if sign == "/":
            a = random.choice([a, a * b + 1])
        user = question(sign, a, b, random) if max(a, b) <= 100 else expand(FRAMES, random).replace("SUM", f"{a}{random.choice(SIGNS[sign])}{b}")
    elif kind == 3:
        user = expand("{what is|calculate|how much is|whats|compute|} {P%|P percent|P per cent|P %} of N", random).replace("P", str(random.randint(1, 99))).replace("N", str(random.randint(10, 5000)))
    elif kind == 4:
        n = str(random.randint(2, 5000))
        user = expand("{{what is|calculate|tell me|whats|} {the |}{square root|cube root|root|square|cube|factorial|logarithm|sine|cosine|log} of N|sqrt N|sqrt(N)|N squared|N cubed|N to the power of {3|4|5|10}|N^{2|3|8}|N!|N factorial|sin(N)|is N {prime|a prime number|divisible by 7|even|odd}|factorise N|the prime factors of N}", random).replace("N", n)
    elif kind == 5:
        a, b = random.randint(1, 99), random.randint(1, 99)
        user = expand("{what is|calculate|how much is|} ", random) + random.choice([f"{a}.{random.randint(1, 9)} + {b}.{random.randint(1, 9)}", f"{a}.{random.randint(1, 9)} times {random.randint(2, 12)}", f"{a} + {b} * {random.randint(2, 9)}", f"({a} + {b}) / {random.randint(2, 9)}", f"{a} + {b} + {random.randint(1, 99)}", f"1/{random.randint(2, 9)} + 1/{random.randint(2, 9)}", f"{a} * {b} - {random.randint(1, 50)}", f"the average of {a}, {b} and {random.randint(1, 99)}", f"{a} modulo {random.randint(2, 9)}", f"half of {random.choice([a * 2 + 1, 347, 1230])}"])
    else:
        user = expand("{{solve|solve for x:|find x:|what is x if|can you solve|solve the equation|} {x^2 + Nx + M = 0|Nx + M = 0|Nx = M|x + N = M|2x - N = M|N x - M = 3|x squared minus N = M}|{what is|find|calculate} the {integral|derivative} of {x^N|sin x|Nx|e^x|ln x}|{do|can you do|can you help with|help me with} {algebra|calculus|geometry|statistics|trigonometry|fractions|long division|equations|maths homework|my maths homework}}", random).replace("N", str(random.randint(2, 12))).replace("M", str(random.randint(1, 40)))
    return Turn(user.strip(), BEYOND, "big-arithmetic")


def ask_count(random):
    to = random.randint(2, 20)
    shown = str(to) if random.random() < 0.75 else word(to)
    user = expand("{{count|count up|please count|can you count|could you count} {to|up to|from 1 to|from one to} N|the numbers {from 1 to|up to|from one to} N|{list|say|write} the numbers {from 1 to|up to|from one to} N|count to N for me|numbers 1 to N}", random).replace("N", shown)
    return Turn(user, ", ".join(map(str, range(1, to + 1))) + ".", "count", recited=False)


# unit names (one, many, short), factor, unit names of the result; every factor is exact
UNITS = [
    (("kilometre|kilometer", "kilometres|kilometers|km", "km"), 1000, ("metre|meter", "metres|meters", "m"), "metres"),
    (("metre|meter", "metres|meters", "m"), 100, ("centimetre", "centimetres|centimeters", "cm"), "centimetres"),
    (("metre|meter", "metres|meters", "m"), 1000, ("millimetre", "millimetres|millimeters", "mm"), "millimetres"),
    (("centimetre|centimeter", "centimetres|centimeters", "cm"), 10, ("millimetre", "millimetres|millimeters", "mm"), "millimetres"),
    (("kilogram|kilo", "kilograms|kilos", "kg"), 1000, ("gram", "grams|grammes", "g"), "grams"),
    (("gram", "grams", "g"), 1000, ("milligram", "milligrams", "mg"), "milligrams"),
    (("tonne|ton", "tonnes", "t"), 1000, ("kilogram", "kilograms|kilos", "kg"), "kilograms"),
    (("litre|liter", "litres|liters", "l"), 1000, ("millilitre", "millilitres|milliliters", "ml"), "millilitres"),
    (("hour", "hours", "h"), 60, ("minute", "minutes", "min"), "minutes"),
    (("minute", "minutes", "min"), 60, ("second", "seconds", "s"), "seconds"),
    (("day", "days", "days"), 24, ("hour", "hours", "h"), "hours"),
    (("week", "weeks", "weeks"), 7, ("day", "days", "days"), "days"),
    (("year", "years", "years"), 12, ("month", "months", "months"), "months"),
    (("foot", "feet", "ft"), 12, ("inch", "inches", "in"), "inches"),
    (("yard", "yards", "yd"), 3, ("foot", "feet", "ft"), "feet"),
    (("second", "seconds", "s"), 1000, ("millisecond", "milliseconds", "ms"), "milliseconds"),
    (("euro", "euros", "EUR"), 100, ("cent", "cents", "ct"), "cents"),
    (("byte", "bytes", "bytes"), 8, ("bit", "bits", "bits"), "bits"),
    (("kibibyte", "kibibytes", "KiB"), 1024, ("byte", "bytes", "bytes"), "bytes"),
    (("kilobyte", "kilobytes", "kB"), 1000, ("byte", "bytes", "bytes"), "bytes"),
    (("megabyte", "megabytes", "MB"), 1000, ("kilobyte", "kilobytes", "kB"), "kilobytes"),
    (("gigabyte", "gigabytes", "GB"), 1000, ("megabyte", "megabytes", "MB"), "megabytes"),
]
SINGLE = [
    ("One inch is exactly 2.54 centimetres.", ("inch", "inches", "in"), ("centimetre", "centimetres|centimeters", "cm")),
    ("One foot is exactly 30.48 centimetres.", ("foot", "feet", "ft"), ("centimetre", "centimetres|centimeters", "cm")),
    ("One mile is exactly 1.609344 kilometres.", ("mile", "miles", "mi"), ("kilometre", "kilometres|kilometers", "km")),
    ("One yard is exactly 0.9144 metres.", ("yard", "yards", "yd"), ("metre", "metres|meters", "m")),
    ("One pound is exactly 0.45359237 kilograms.", ("pound", "pounds", "lb"), ("kilogram", "kilograms|kilos", "kg")),
    ("One mile is 5280 feet.", ("mile", "miles", "mi"), ("foot", "feet", "ft")),
    ("One pound is 16 ounces.", ("pound", "pounds", "lb"), ("ounce", "ounces", "oz")),
    ("One nautical mile is exactly 1852 metres.", ("nautical mile", "nautical miles", "nm"), ("metre", "metres|meters", "m")),
    ("One hour is 3600 seconds.", ("hour", "hours", "h"), ("second", "seconds", "s")),
    ("One day is 1440 minutes.", ("day", "days", "day"), ("minute", "minutes", "min")),
    ("One mebibyte is 1024 kibibytes.", ("mebibyte", "mebibytes", "MiB"), ("kibibyte", "kibibytes", "KiB")),
    ("One gibibyte is 1024 mebibytes.", ("gibibyte", "gibibytes", "GiB"), ("mebibyte", "mebibytes", "MiB")),
    ("One hectare is 10,000 square metres.", ("hectare", "hectares", "ha"), ("square metre", "square metres", "m2")),
]
CONVERT = "{how many B {are|are in|are there in|is|make|has|does|do|have} N A{| have| make|}|how much {is|are} N A in B|convert N A {to|into} B|N A in B|N A to B|N A are how many B|N A is how many B|what is N A in B|what's N A in B|please convert N A to B|turn N A into B|can you convert N A to B|express N A in B|N A = ? B|change N A {to|into} B|how many B in N A|i have N A, how many B is that|tell me N A in B|B in N A}"
AND_CONVERT = "{and|what about|and what about|how about|and how many are|now|and for} N A{| in B| to B|}"


def unit(names, number, random):
    one, many, short = names
    if random.random() < 0.3:
        return short
    return expand("{" + (one if number == 1 else many) + "}", random)


def conversion(row, number, shape, random):
    source, factor, target, shown = row
    count = random.choice(["a", "one", "1"]) if number == 1 else (word(number) if random.random() < 0.12 else str(number))
    text = expand(shape, random).replace("A", "\1").replace("B", "\2").replace("N", count)
    text = text.replace("\1", unit(source, number, random)).replace("\2", unit(target, 2, random))
    if random.random() < 0.2 and count.isdigit():
        text = text.replace(f"{count} {source[2]}", f"{count}{source[2]}")
    name = source[0 if number == 1 else 1].split("|")[0]
    value = number * factor
    return Turn(text, f"{number} {name} {'is' if number == 1 else 'are'} {value} {shown}.", "conversion", row, recited=False)


def ask_conversion(random):
    if random.random() < 0.27:
        answer, source, target = random.choice(SINGLE)
        text = expand(CONVERT, random).replace("A", "\1").replace("B", "\2").replace("N", random.choice(["a", "one", "1", "an" if source[0][0] in "aeiou" else "a"]))
        return Turn(text.replace("\1", unit(source, 1, random)).replace("\2", unit(target, 2, random)), answer, "conversion-single")
    return conversion(random.choice(UNITS), random.choice([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), CONVERT, random)


def follow_conversion(turn, random):
    row = turn.key if random.random() < 0.6 else random.choice(UNITS)
    shape = AND_CONVERT if row is turn.key else AND_CONVERT.replace("|}", "}").replace("{| in B", "{ in B")
    return conversion(row, random.randint(2, 10), shape, random)


def ask_numbers(random):
    return random.choices([ask_sum, ask_beyond, ask_count, ask_conversion], [58, 12, 5, 18])[0](random)


FOLLOW = {name: follow_sum for name in NAMES.values()} | {"conversion": follow_conversion}
