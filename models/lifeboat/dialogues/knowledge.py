"""Well-known facts: tables of relations times many question shapes, and single facts with many ways to ask."""

from .grammar import expand
from .turn import SHAPES, Intent, Turn, weighted

# country, with article where it has one; capital; continent; adjective; currency; main language
COUNTRIES = """
Afghanistan|Kabul|Asia|Afghan|afghani|; Albania|Tirana|Europe|Albanian|lek|Albanian; Algeria|Algiers|Africa|Algerian|dinar|Arabic; Andorra|Andorra la Vella|Europe|Andorran|euro|Catalan; Angola|Luanda|Africa|Angolan|kwanza|Portuguese;
Argentina|Buenos Aires|South America|Argentinian|peso|Spanish; Armenia|Yerevan|Asia|Armenian|dram|Armenian; Australia|Canberra|Oceania|Australian|Australian dollar|English; Austria|Vienna|Europe|Austrian|euro|German; Azerbaijan|Baku|Asia|Azerbaijani|manat|Azerbaijani;
the Bahamas|Nassau|North America|Bahamian|Bahamian dollar|English; Bahrain|Manama|Asia|Bahraini|dinar|Arabic; Bangladesh|Dhaka|Asia|Bangladeshi|taka|Bengali; Barbados|Bridgetown|North America|Barbadian|Barbadian dollar|English; Belarus|Minsk|Europe|Belarusian|rouble|; Belgium|Brussels|Europe|Belgian|euro|;
Belize|Belmopan|North America|Belizean|Belize dollar|English; Benin|Porto-Novo|Africa|Beninese|CFA franc|French; Bhutan|Thimphu|Asia|Bhutanese|ngultrum|Dzongkha; Bolivia|Sucre|South America|Bolivian|boliviano|; Bosnia and Herzegovina|Sarajevo|Europe|Bosnian|mark|; Botswana|Gaborone|Africa|Botswanan|pula|;
Brazil|Brasilia|South America|Brazilian|real|Portuguese; Brunei|Bandar Seri Begawan|Asia|Bruneian|Brunei dollar|Malay; Bulgaria|Sofia|Europe|Bulgarian||Bulgarian; Burkina Faso|Ouagadougou|Africa|Burkinabe|CFA franc|; Burundi|Gitega|Africa|Burundian|Burundi franc|; Cambodia|Phnom Penh|Asia|Cambodian|riel|Khmer;
Cameroon|Yaounde|Africa|Cameroonian|CFA franc|; Canada|Ottawa|North America|Canadian|Canadian dollar|; Cape Verde|Praia|Africa|Cape Verdean|escudo|Portuguese; the Central African Republic|Bangui|Africa|Central African|CFA franc|; Chad|N'Djamena|Africa|Chadian|CFA franc|; Chile|Santiago|South America|Chilean|peso|Spanish;
China|Beijing|Asia|Chinese|yuan|Chinese; Colombia|Bogota|South America|Colombian|peso|Spanish; Costa Rica|San Jose|North America|Costa Rican|colon|Spanish; Croatia|Zagreb|Europe|Croatian|euro|Croatian; Cuba|Havana|North America|Cuban|peso|Spanish; Cyprus|Nicosia|Europe|Cypriot|euro|; the Czech Republic|Prague|Europe|Czech|koruna|Czech;
Denmark|Copenhagen|Europe|Danish|krone|Danish; Djibouti|Djibouti|Africa|Djiboutian|franc|; the Dominican Republic|Santo Domingo|North America|Dominican|peso|Spanish; Ecuador|Quito|South America|Ecuadorian|US dollar|Spanish; Egypt|Cairo|Africa|Egyptian|pound|Arabic; El Salvador|San Salvador|North America|Salvadoran|US dollar|Spanish;
Eritrea|Asmara|Africa|Eritrean|nakfa|; Estonia|Tallinn|Europe|Estonian|euro|Estonian; Ethiopia|Addis Ababa|Africa|Ethiopian|birr|; Fiji|Suva|Oceania|Fijian|Fiji dollar|; Finland|Helsinki|Europe|Finnish|euro|Finnish; France|Paris|Europe|French|euro|French; Gabon|Libreville|Africa|Gabonese|CFA franc|French; the Gambia|Banjul|Africa|Gambian|dalasi|English;
Georgia|Tbilisi|Asia|Georgian|lari|Georgian; Germany|Berlin|Europe|German|euro|German; Ghana|Accra|Africa|Ghanaian|cedi|English; Greece|Athens|Europe|Greek|euro|Greek; Grenada|St. George's|North America|Grenadian||English; Guatemala|Guatemala City|North America|Guatemalan|quetzal|Spanish; Guinea|Conakry|Africa|Guinean|franc|French;
Guyana|Georgetown|South America|Guyanese|Guyana dollar|English; Haiti|Port-au-Prince|North America|Haitian|gourde|; Honduras|Tegucigalpa|North America|Honduran|lempira|Spanish; Hungary|Budapest|Europe|Hungarian|forint|Hungarian; Iceland|Reykjavik|Europe|Icelandic|krona|Icelandic; India|New Delhi|Asia|Indian|rupee|; Indonesia|Jakarta|Asia|Indonesian|rupiah|Indonesian;
Iran|Tehran|Asia|Iranian|rial|Persian; Iraq|Baghdad|Asia|Iraqi|dinar|; Ireland|Dublin|Europe|Irish|euro|; Italy|Rome|Europe|Italian|euro|Italian; Jamaica|Kingston|North America|Jamaican|Jamaican dollar|English; Japan|Tokyo|Asia|Japanese|yen|Japanese; Jordan|Amman|Asia|Jordanian|dinar|Arabic; Kazakhstan|Astana|Asia|Kazakh|tenge|;
Kenya|Nairobi|Africa|Kenyan|shilling|; Kuwait|Kuwait City|Asia|Kuwaiti|dinar|Arabic; Kyrgyzstan|Bishkek|Asia|Kyrgyz|som|; Laos|Vientiane|Asia|Laotian|kip|Lao; Latvia|Riga|Europe|Latvian|euro|Latvian; Lebanon|Beirut|Asia|Lebanese|pound|Arabic; Lesotho|Maseru|Africa||loti|; Liberia|Monrovia|Africa|Liberian|Liberian dollar|English;
Libya|Tripoli|Africa|Libyan|dinar|Arabic; Liechtenstein|Vaduz|Europe||Swiss franc|German; Lithuania|Vilnius|Europe|Lithuanian|euro|Lithuanian; Luxembourg|Luxembourg|Europe|Luxembourgish|euro|; Madagascar|Antananarivo|Africa|Malagasy|ariary|; Malawi|Lilongwe|Africa|Malawian|kwacha|; Malaysia|Kuala Lumpur|Asia|Malaysian|ringgit|Malay;
the Maldives|Male|Asia|Maldivian|rufiyaa|; Mali|Bamako|Africa|Malian|CFA franc|; Malta|Valletta|Europe|Maltese|euro|; Mauritania|Nouakchott|Africa|Mauritanian|ouguiya|Arabic; Mauritius|Port Louis|Africa|Mauritian|rupee|; Mexico|Mexico City|North America|Mexican|peso|Spanish; Moldova|Chisinau|Europe|Moldovan|leu|Romanian; Monaco|Monaco|Europe||euro|French;
Mongolia|Ulaanbaatar|Asia|Mongolian|tugrik|Mongolian; Montenegro|Podgorica|Europe|Montenegrin|euro|; Morocco|Rabat|Africa|Moroccan|dirham|Arabic; Mozambique|Maputo|Africa|Mozambican|metical|Portuguese; Myanmar|Naypyidaw|Asia||kyat|Burmese; Namibia|Windhoek|Africa|Namibian|Namibian dollar|English; Nepal|Kathmandu|Asia|Nepalese|rupee|Nepali;
the Netherlands|Amsterdam|Europe|Dutch|euro|Dutch; New Zealand|Wellington|Oceania||New Zealand dollar|English; Nicaragua|Managua|North America|Nicaraguan|cordoba|Spanish; Niger|Niamey|Africa||CFA franc|; Nigeria|Abuja|Africa|Nigerian|naira|English; North Korea|Pyongyang|Asia|North Korean|won|Korean; North Macedonia|Skopje|Europe|Macedonian|denar|Macedonian;
Norway|Oslo|Europe|Norwegian|krone|Norwegian; Oman|Muscat|Asia|Omani|rial|Arabic; Pakistan|Islamabad|Asia|Pakistani|rupee|; Panama|Panama City|North America|Panamanian|balboa|Spanish; Papua New Guinea|Port Moresby|Oceania||kina|; Paraguay|Asuncion|South America|Paraguayan|guarani|; Peru|Lima|South America|Peruvian|sol|Spanish; the Philippines|Manila|Asia|Philippine|peso|;
Poland|Warsaw|Europe|Polish|zloty|Polish; Portugal|Lisbon|Europe|Portuguese|euro|Portuguese; Qatar|Doha|Asia|Qatari|riyal|Arabic; Romania|Bucharest|Europe|Romanian|leu|Romanian; Russia|Moscow|Europe|Russian|rouble|Russian; Rwanda|Kigali|Africa|Rwandan|franc|; Samoa|Apia|Oceania|Samoan|tala|; San Marino|San Marino|Europe||euro|Italian;
Saudi Arabia|Riyadh|Asia|Saudi|riyal|Arabic; Senegal|Dakar|Africa|Senegalese|CFA franc|French; Serbia|Belgrade|Europe|Serbian|dinar|Serbian; Sierra Leone|Freetown|Africa||leone|English; Singapore|Singapore|Asia|Singaporean|Singapore dollar|; Slovakia|Bratislava|Europe|Slovak|euro|Slovak; Slovenia|Ljubljana|Europe|Slovenian|euro|Slovenian;
Somalia|Mogadishu|Africa|Somali|shilling|; South Africa|Pretoria|Africa|South African|rand|; South Korea|Seoul|Asia|South Korean|won|Korean; South Sudan|Juba|Africa||pound|English; Spain|Madrid|Europe|Spanish|euro|Spanish; Sri Lanka|Colombo|Asia|Sri Lankan|rupee|; Sudan|Khartoum|Africa|Sudanese|pound|; Suriname|Paramaribo|South America|Surinamese||Dutch;
Sweden|Stockholm|Europe|Swedish|krona|Swedish; Switzerland|Bern|Europe|Swiss|Swiss franc|; Syria|Damascus|Asia|Syrian|pound|Arabic; Taiwan|Taipei|Asia|Taiwanese|dollar|Chinese; Tajikistan|Dushanbe|Asia|Tajik|somoni|; Tanzania|Dodoma|Africa|Tanzanian|shilling|; Thailand|Bangkok|Asia|Thai|baht|Thai; Togo|Lome|Africa|Togolese|CFA franc|French;
Trinidad and Tobago|Port of Spain|North America|Trinidadian||English; Tunisia|Tunis|Africa|Tunisian|dinar|Arabic; Turkey|Ankara|Asia|Turkish|lira|Turkish; Turkmenistan|Ashgabat|Asia|Turkmen|manat|; Uganda|Kampala|Africa|Ugandan|shilling|; Ukraine|Kyiv|Europe|Ukrainian|hryvnia|Ukrainian; the United Arab Emirates|Abu Dhabi|Asia|Emirati|dirham|Arabic;
the United Kingdom|London|Europe|British|pound|English; the United States|Washington, D.C.|North America|American|US dollar|English; Uruguay|Montevideo|South America|Uruguayan|peso|Spanish; Uzbekistan|Tashkent|Asia|Uzbek|som|Uzbek; Vatican City|Vatican City|Europe||euro|; Venezuela|Caracas|South America|Venezuelan|bolivar|Spanish; Vietnam|Hanoi|Asia|Vietnamese|dong|Vietnamese; Yemen|Sanaa|Asia|Yemeni|rial|Arabic; Zambia|Lusaka|Africa|Zambian|kwacha|English; Zimbabwe|Harare|Africa|Zimbabwean||
"""
FAMOUS = set("Argentina|Australia|Austria|Belgium|Brazil|Canada|Chile|China|Colombia|Croatia|Cuba|the Czech Republic|Denmark|Egypt|Finland|France|Germany|Greece|Hungary|Iceland|India|Indonesia|Iran|Ireland|Italy|Japan|Kenya|Mexico|Morocco|the Netherlands|New Zealand|Nigeria|Norway|Pakistan|Peru|the Philippines|Poland|Portugal|Romania|Russia|Saudi Arabia|South Africa|South Korea|Spain|Sweden|Switzerland|Thailand|Turkey|Ukraine|the United Kingdom|the United States|Vietnam|Israel".split("|"))
OTHER_NAMES = {"the United States": ["the usa", "the USA", "the US", "America", "the United States of America"], "the United Kingdom": ["the UK", "Great Britain", "England", "Britain"], "the Netherlands": ["Holland"], "the Czech Republic": ["Czechia"], "Myanmar": ["Burma"]}


def rows(text):
    return [[cell.strip() for cell in row.split("|")] for row in text.replace("\n", " ").split(";") if row.strip()]


class Relation:
    """One relation of a table: `shapes` ask with NAME (and ADJ), `follow` asks again for another subject, `answer` takes both."""

    def __init__(self, name, pairs, shapes, answer, follow="{and|and of|what about|and what about|how about|and for|also|and the one of} NAME{| then| please|}", weight=1.0, back=None, adjectives=None, often=FAMOUS):
        self.name, self.pairs, self.shapes, self.answer = name, dict(pairs), shapes, answer
        self.follow_shapes, self.weight, self.back, self.adjectives = follow, weight, back, adjectives or {}
        self.subjects = list(self.pairs)
        self.shares = [3 if subject in often or len(self.pairs) < 60 else 1 for subject in self.subjects]

    def draw(self, random):
        return random.choices(self.subjects, self.shares)[0]

    def reply(self, subject):
        answer = self.answer.replace("NAME", subject).replace("VALUE", self.pairs[subject])
        return (answer[:1].upper() + answer[1:]).replace("..", ".")

    def user(self, shapes, subject, random):
        text = expand(shapes, random)
        if "ADJ" in text and not self.adjectives.get(subject):
            text = expand("{what is|tell me|do you know} the " + self.name.replace("-", " ") + " of NAME", random)
        shown = random.choice(OTHER_NAMES[subject]) if subject in OTHER_NAMES and random.random() < 0.5 else subject
        if random.random() < 0.06:
            shown = shown.removeprefix("the ")
        return text.replace("NAME", shown).replace("ADJ", self.adjectives.get(subject, ""))

    def turn(self, random):
        subject = self.draw(random)
        return Turn(self.user(self.shapes, subject, random), self.reply(subject), self.name, subject, recited=False)

    def follow(self, turn, random):
        subject = self.draw(random)
        return Turn(self.user(self.follow_shapes, subject, random), self.reply(subject), self.name, subject, wrap=False, recited=False)

    def follow_back(self, turn, random):
        """Asks for this relation of the subject of an earlier turn, without naming it."""
        if turn.key not in self.pairs or not self.back:
            return None
        return Turn(expand(self.back, random), self.reply(turn.key), self.name, turn.key, wrap=False, recited=False)


def of(noun):
    """The question shapes for `noun of NAME`."""
    return "{" + SHAPES["np"][1:-1].replace("@", "{the |}" + noun + " of NAME") + "|NAME's {" + noun + "}|what is NAME's {" + noun + "}|whats NAMEs {" + noun + "}|{" + noun + "} NAME|NAME {" + noun + "}|NAME: {" + noun + "}|tell me NAME's {" + noun + "}|{could|can|would} you {tell me|name|give me} NAME's {" + noun + "}{| for me|}|for NAME, what is the " + noun + "|NAME - " + noun + "}"


COUNTRY_ROWS = rows(COUNTRIES)
ADJECTIVES = {row[0]: row[3] for row in COUNTRY_ROWS if row[3]}
CAPITAL_NOUN = "{capital|capital city|capital}"
RELATIONS = [
    Relation("capital", [(row[0], row[1]) for row in COUNTRY_ROWS], "{" + of(CAPITAL_NOUN)[1:-1] + "|{which|what} {city|town} is {the |}capital of NAME|{which|what} city is NAME's capital|{which|what} is the capital {city |}of NAME|{do you know|what is|what's|name|tell me} the ADJ capital{| city|}|ADJ capital|where {is|does} the {government|seat of government} of NAME{| sit|}|what's the seat of government{|, the capital,} of NAME|NAME has which capital|NAME capital city|{capital|capital city} of NAME|what city is the capital of NAME|what do they call the capital of NAME|i need the capital of NAME for a quiz|name the {city that is the |}capital of NAME}",
             "The capital of NAME is VALUE.", "{and|and of|what about|and what about|how about|and the capital of|also|and for|and NAME's, i mean|now} NAME{| then| please|}", 9.0, "{and |}{its capital|what is its capital|the capital|and the capital|what's the capital there|which city is its capital|what's its capital city|what about its capital}", ADJECTIVES),
    Relation("capital-of-what", [(row[1], row[0]) for row in COUNTRY_ROWS if row[0] != row[1]], "{NAME is the capital of {which|what} {country|nation|state|place}|{which|what} {country|nation|state} {has|is it that has} NAME {as|for} {its|the} capital{| city|}|{of which|of what} {country|nation} is NAME the capital{| city|}|which country's capital is NAME|NAME is the capital of|NAME is the capital of what|what is NAME the capital of|what's NAME the capital of|NAME is capital {city |}of{| which country| what country|}|to {which|what} country does the capital NAME belong|the capital NAME belongs to {which|what} country|{whose|which country's} capital {city |}is NAME|{tell me|do you know} {which|what} country NAME is the capital of|NAME is which country's capital}",
             "NAME is the capital of VALUE.", weight=5.0),
    Relation("continent", [(row[0], row[2]) for row in COUNTRY_ROWS], "{{on|in} {which|what} {continent|part of the world} {is|lies|do i find|can i find|would i find} NAME|{which|what} continent {is NAME {on|in|part of}|does NAME {belong to|lie on|sit on}|has NAME|contains NAME}|where {is|in the world is|on earth is|on the map is} NAME{| located| situated| found|}|NAME is {on|in} {which|what} continent|NAME continent|continent of NAME|the continent of NAME|is NAME in {africa or asia|europe or asia|africa or europe|asia or africa|europe or africa|south america or africa|asia, africa or europe|europe|africa|asia}|NAME belongs to which continent|where do i find NAME|where does NAME lie}",
             "NAME is in VALUE.", weight=3.0, back="{{which|what} continent is {it|that} {on|in}|{and |}{where is it|where is that|on which continent|which continent is that country on|on what continent does it lie|in which part of the world is it}}"),
    Relation("currency", [(row[0], row[4]) for row in COUNTRY_ROWS if row[4] and row[0] in FAMOUS], "{" + of("{currency|money|currency}")[1:-1] + "|{which|what} {currency|money|coins} {is used|do people use|do they use|do you use|do i need|do you pay with|do people pay with|does one pay with|is in use} in NAME|{which|what} currency {has|does} NAME{| have| use|}|what {money|currency} do people use in NAME|how do people pay in NAME|what do they pay with in NAME|the ADJ {currency|money}|what is the ADJ currency}",
             "The currency of NAME is the VALUE.", weight=2.4, back="{and |}{its currency|what is its currency|the currency|which currency do they use|what money do they use there|and the money there|what about its currency|what currency is used there}", adjectives=ADJECTIVES),
    Relation("language", [(row[0], row[5]) for row in COUNTRY_ROWS if row[5] and (row[0] in FAMOUS or row[5] in ("German", "Portuguese", "Arabic", "Spanish", "English", "French"))], "{" + of("{language|main language|official language}")[1:-1] + "|{which|what} language{|s} {is spoken|do people speak|do they speak|is used|do i need|does one speak} in NAME|{which|what} language {does|do} NAME {speak|use|have}|what do {people|they|the people} speak in NAME|which language has NAME|what is spoken in NAME}",
             "The main language of NAME is VALUE.", weight=2.0, back="{and |}{its language|what language do they speak|which language is spoken there|what do they speak there|the language|what about the language}"),
]

ELEMENTS = dict(pair.split("=") for pair in "hydrogen=H helium=He lithium=Li beryllium=Be boron=B carbon=C nitrogen=N oxygen=O fluorine=F neon=Ne sodium=Na magnesium=Mg aluminium=Al silicon=Si phosphorus=P sulfur=S chlorine=Cl argon=Ar potassium=K calcium=Ca titanium=Ti chromium=Cr manganese=Mn iron=Fe cobalt=Co nickel=Ni copper=Cu zinc=Zn silver=Ag tin=Sn iodine=I xenon=Xe tungsten=W platinum=Pt gold=Au mercury=Hg lead=Pb uranium=U radium=Ra radon=Rn".split())
AUTHORS = "Hamlet=William Shakespeare|Romeo and Juliet=William Shakespeare|Macbeth=William Shakespeare|Othello=William Shakespeare|King Lear=William Shakespeare|The Tempest=William Shakespeare|1984=George Orwell|Nineteen Eighty-Four=George Orwell|Animal Farm=George Orwell|The Lord of the Rings=J. R. R. Tolkien|The Hobbit=J. R. R. Tolkien|Harry Potter=J. K. Rowling|Faust=Johann Wolfgang von Goethe|Don Quixote=Miguel de Cervantes|War and Peace=Leo Tolstoy|Anna Karenina=Leo Tolstoy|Crime and Punishment=Fyodor Dostoevsky|The Brothers Karamazov=Fyodor Dostoevsky|Pride and Prejudice=Jane Austen|Emma=Jane Austen|Sense and Sensibility=Jane Austen|Oliver Twist=Charles Dickens|A Christmas Carol=Charles Dickens|David Copperfield=Charles Dickens|Great Expectations=Charles Dickens|Moby Dick=Herman Melville|The Odyssey=Homer|The Iliad=Homer|The Divine Comedy=Dante Alighieri|Frankenstein=Mary Shelley|Dracula=Bram Stoker|Jane Eyre=Charlotte Bronte|Wuthering Heights=Emily Bronte|The Great Gatsby=F. Scott Fitzgerald|Ulysses=James Joyce|The Metamorphosis=Franz Kafka|The Trial=Franz Kafka|The Little Prince=Antoine de Saint-Exupery|Les Miserables=Victor Hugo|The Three Musketeers=Alexandre Dumas|Around the World in Eighty Days=Jules Verne|Robinson Crusoe=Daniel Defoe|Gulliver's Travels=Jonathan Swift|Treasure Island=Robert Louis Stevenson|The Jungle Book=Rudyard Kipling|Peter Pan=J. M. Barrie|Alice in Wonderland=Lewis Carroll|Brave New World=Aldous Huxley|The Old Man and the Sea=Ernest Hemingway|The Picture of Dorian Gray=Oscar Wilde|Tom Sawyer=Mark Twain|Huckleberry Finn=Mark Twain|To Kill a Mockingbird=Harper Lee|The Time Machine=H. G. Wells|Sherlock Holmes=Arthur Conan Doyle|Pinocchio=Carlo Collodi|Pippi Longstocking=Astrid Lindgren|The Origin of Species=Charles Darwin|Lolita=Vladimir Nabokov|Dune=Frank Herbert"
INVENTORS = "the telephone=Alexander Graham Bell|the light bulb=Thomas Edison|the phonograph=Thomas Edison|the airplane=the Wright brothers|the aeroplane=the Wright brothers|the World Wide Web=Tim Berners-Lee|dynamite=Alfred Nobel|the printing press in Europe=Johannes Gutenberg|the printing press=Johannes Gutenberg|Linux=Linus Torvalds|Git=Linus Torvalds|Python=Guido van Rossum|JavaScript=Brendan Eich|the theory of relativity=Albert Einstein|radium=Marie Curie|penicillin=Alexander Fleming|X-rays=Wilhelm Rontgen|the law of gravity=Isaac Newton|the theory of evolution=Charles Darwin|the diesel engine=Rudolf Diesel|the battery=Alessandro Volta|the C language=Dennis Ritchie|C++=Bjarne Stroustrup|Java=James Gosling|vaccination against smallpox=Edward Jenner|braille=Louis Braille|the lightning rod=Benjamin Franklin"
PAINTERS = "the Mona Lisa=Leonardo da Vinci|The Last Supper=Leonardo da Vinci|The Starry Night=Vincent van Gogh|Sunflowers=Vincent van Gogh|The Scream=Edvard Munch|Guernica=Pablo Picasso|The Night Watch=Rembrandt|Girl with a Pearl Earring=Johannes Vermeer|the ceiling of the Sistine Chapel=Michelangelo|The Birth of Venus=Sandro Botticelli|The Kiss=Gustav Klimt|Water Lilies=Claude Monet|The Persistence of Memory=Salvador Dali|Las Meninas=Diego Velazquez"
COMPOSERS = "the Ninth Symphony with the Ode to Joy=Ludwig van Beethoven|the Moonlight Sonata=Ludwig van Beethoven|Fur Elise=Ludwig van Beethoven|The Magic Flute=Wolfgang Amadeus Mozart|A Little Night Music=Wolfgang Amadeus Mozart|The Four Seasons=Antonio Vivaldi|Swan Lake=Pyotr Tchaikovsky|The Nutcracker=Pyotr Tchaikovsky|Carmen=Georges Bizet|Aida=Giuseppe Verdi|Messiah=George Frideric Handel|the Brandenburg Concertos=Johann Sebastian Bach|Bolero=Maurice Ravel|The Ring of the Nibelung=Richard Wagner"
SOUNDS = "cow=moo|dog=woof|cat=meow|sheep=baa|duck=quack|pig=oink|horse=neigh|rooster=cock-a-doodle-doo|owl=hoot|frog=ribbit|lion=roar|bee=buzz|snake=hiss|mouse=squeak|wolf=howl|goat=bleat|donkey=hee-haw|crow=caw|hen=cluck|bird=tweet"
YOUNG = "cat=kitten|dog=puppy|cow=calf|horse=foal|sheep=lamb|goat=kid|pig=piglet|hen=chick|duck=duckling|lion=cub|bear=cub|deer=fawn|frog=tadpole|swan=cygnet|kangaroo=joey|goose=gosling|fox=cub|wolf=pup|elephant=calf|whale=calf|seal=pup|owl=owlet|butterfly=caterpillar"
LEGS = "spider=eight|dog=four|cat=four|ant=six|bee=six|fly=six|bird=two|human=two|horse=four|cow=four|snake=no|fish=no|insect=six|chicken=two|beetle=six|butterfly=six|elephant=four|worm=no|crab=ten|duck=two|table=four"
COLOURS = "the sky on a clear day=blue|the sky=blue|grass=green|a banana=yellow|snow=white|blood=red|coal=black|a ripe tomato=red|a tomato=red|an emerald=green|a ruby=red|a sapphire=blue|milk=white|a lemon=yellow|a carrot=orange|an orange=orange|chocolate=brown|a strawberry=red|the sun at noon=yellow|a crow=black|a flamingo=pink|a polar bear=white|a cucumber=green|charcoal=black|a school bus in America=yellow"
SIDES = "triangle=three|square=four|rectangle=four|pentagon=five|hexagon=six|heptagon=seven|octagon=eight|decagon=ten"


def pairs(text):
    return [tuple(pair.split("=")) for pair in text.split("|")]


def made(verbs, verb, nouns):
    return "{who {" + verbs + "} {the book |the novel |the work |}NAME|NAME {was|is} {" + verb + "} by {whom|who}|by {whom|who} {was|is} NAME {" + verb + "}|NAME: who {" + verbs + "} it|who is the {" + nouns + "} {of|behind} NAME|who was the {" + nouns + "} of NAME|the {" + nouns + "} of NAME|{" + nouns + "} of NAME|{which|what} {" + nouns + "} {" + verbs + "|gave us|created|made} NAME|{do you know|tell me|can you tell me|i'd like to know|remind me} who {" + verbs + "} NAME|{what is|what's} the name of the {" + nouns + "} of NAME|name the {" + nouns + "} of NAME|whose {work|idea} is NAME|who has {" + verb + "} NAME|NAME is by whom|from whom is NAME|NAME {" + nouns + "}}"


def quoted(shapes):
    return shapes.replace("{the book |the novel |the work |}", "")


RELATIONS += [
    Relation("element", ELEMENTS.items(), "{" + of("{chemical symbol|symbol|element symbol}")[1:-1] + "|{which|what} {letters|symbol|letter} {stand for|stands for|is used for|does} NAME{| have| in chemistry|}|how is NAME {written|abbreviated} in chemistry}", "The chemical symbol of NAME is VALUE.", weight=1.6),
    Relation("symbol", [(symbol, name) for name, symbol in ELEMENTS.items()], "{{which|what} element {is|has the symbol|does NAME stand for, i mean|is written} NAME|NAME {stands for|is|means} {which|what} element|{what|which element} does {the symbol |the chemical symbol |}NAME {stand for|mean}{| in chemistry|}|the element {with the symbol|called} NAME|{what|which} {chemical element|element} is NAME|which element has the {chemical |}symbol NAME}", "NAME is the symbol of VALUE.", weight=1.2),
    Relation("author", pairs(AUTHORS), made("wrote|authored|penned|is it who wrote", "written|authored", "author|writer"), "NAME was written by VALUE.", "{and|and who wrote|what about|and what about|how about|who wrote} NAME", 3.2),
    Relation("inventor", pairs(INVENTORS), quoted(made("invented|came up with|discovered|created|thought of|had the idea of", "invented|discovered|created", "inventor|discoverer|creator|father")), "NAME goes back to VALUE.", "{and|and who invented|what about|and what about|how about} NAME", 1.8),
    Relation("painter", pairs(PAINTERS), quoted(made("painted|created", "painted", "painter|artist")), "NAME was painted by VALUE.", "{and|and who painted|what about|how about} NAME", 1.2),
    Relation("composer", pairs(COMPOSERS), quoted(made("composed|wrote", "composed", "composer|musician")), "NAME was composed by VALUE.", "{and|and who composed|what about|how about} NAME", 1.0),
    Relation("animal-sound", pairs(SOUNDS), "{what {sound|noise|noises|sounds} {does|do} {a|the|an} NAME make|how does {a|the} NAME {sound|go}|what does {a|the} NAME say|the {sound|noise} of {a|the} NAME|{a|the} NAME says what|what is the {sound|noise} of a NAME|NAME {sound|noise}}", "A NAME says VALUE.", "{and|and what about|what about|and what does|how about} {a|the} NAME{| say|}", 0.8),
    Relation("animal-young", pairs(YOUNG), "{{what|how} {is|do you call|do we call|would you call} {a|the} {baby|young} NAME{| called|}|a {baby|young} NAME is called {what|a}|{the|a} {young|baby|child} of a NAME|{what's|what is} the {name|word} for a {baby|young} NAME|what is the {young|baby} of a NAME{| called|}|baby NAME}", "A young NAME is called a VALUE.", "{and|and a baby|what about|what about a|and a young} NAME", 0.9),
    Relation("legs", pairs(LEGS), "{how many legs {has|does|have} {a|an|the} NAME{| have| got|}|{the |}number of {a NAME's legs|legs of a NAME}|how many legs are there on a NAME|NAME legs{|, how many|}|on how many legs does a NAME {walk|stand}}", "A NAME has VALUE legs.", "{and|and a|what about a|how about a|and an} NAME", 1.0),
    Relation("colour", pairs(COLOURS), "{{what|which} {color|colour} {is|has|does} NAME{| have|}|the {color|colour} of NAME|what is the {color|colour} of NAME|NAME is {what|which} {color|colour}|{what|which} {color|colour} would NAME be|tell me the colour of NAME}", "The usual colour of NAME is VALUE.", "{and|what about|and what colour is|how about} NAME", 1.0),
    Relation("sides", pairs(SIDES), "{how many {sides|corners|edges} {has|does|have} a NAME{| have| got|}|{the |}number of {sides|corners} of a NAME|a NAME has how many {sides|corners}|how many {sides|corners} are there in a NAME}", "A NAME has VALUE sides.", "{and|and a|what about a|how about a} NAME", 0.7),
]

FACTS = [
    ("A week has seven days.", "how many days {does|are in|has|in|make|are there in} {a|one} week{| have| contain|}", "the number of days in a week"),
    ("There are seven continents: Africa, Antarctica, Asia, Australia, Europe, North America and South America.", "how many continents {are there|exist|does the earth have|are on earth}|{name|list|what are} {the|all|the seven} continents", "the number of continents|the continents of the earth|the names of the continents"),
    ("There are five oceans: the Pacific, Atlantic, Indian, Southern and Arctic Ocean.", "how many oceans {are there|exist|does the earth have|are on earth}|{name|list|what are} {the|all|the five} oceans", "the number of oceans|the oceans of the earth"),
    ("There are eight planets in the solar system.", "how many planets {are there|are in the solar system|does the solar system have|circle the sun|go round the sun|orbit the sun|does our sun have}", "the number of planets{| in the solar system|}"),
    ("The planets are Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus and Neptune.", "{name|list|what are|tell me|which are} {the|all the|all|the eight|the names of the} planets{| of the solar system| in order|}|which planets are there", "the names of the planets|the order of the planets"),
    ("Jupiter is the largest planet of the solar system.", "{which|what} {planet|of the planets|one of the planets} is {the |}{biggest|largest}{| one| of all|}", "the {largest|biggest|most massive} planet{| of the solar system| in the solar system| of all|}|the giant among the planets"),
    ("Mercury is the smallest planet of the solar system.", "{which|what} planet is {the |}{smallest|tiniest}{| one| of all|}", "the {smallest|tiniest} planet{| of the solar system| of all|}"),
    ("Mercury is the planet closest to the sun.", "{which|what} planet is {closest|nearest|next} to the sun", "the planet {closest|nearest} to the sun|the {first|innermost} planet"),
    ("Neptune is the planet farthest from the sun.", "{which|what} planet is {farthest|furthest} from the sun", "the {farthest|outermost|last} planet|the planet {farthest|furthest} from the sun"),
    ("Venus is the hottest planet of the solar system.", "{which|what} planet is the hottest", "the hottest planet"),
    ("Mars is called the red planet.", "{which|what} planet is {red|called the red planet|known as the red planet}|why is mars red", "the red planet|the name of the red planet"),
    ("Saturn is the planet famous for its rings.", "{which|what} planet has {rings|big rings|the famous rings}", "the planet with {rings|the rings}|the ringed planet"),
    ("The moon goes around the Earth in about 27 days.", "how long does the moon {take|need} {to go|to circle|to travel|for one trip} {round|around} the earth|how long does the moon take", "the moon's orbital period"),
    ("The Earth goes around the sun in one year, about 365 days.", "how long does {the |}earth {take|need} {to go|to circle|to travel} {round|around|about} the sun|how long does it take the earth to orbit the sun", "the earth's orbital period"),
    ("The sun is a star.", "{is the sun|what is the sun, is it} a {star|planet|star or a planet}|what {kind of thing|} is the sun", "the {nearest|closest} star{| to the earth|}"),
    ("Water boils at 100 degrees Celsius at sea level.", "{when|at what temperature|at how many degrees|at which temperature} does water {boil|start boiling|begin to boil|start to boil}|how hot {is|must} {boiling water|water be to boil}", "the boiling point{| of water|}|the temperature at which water boils"),
    ("Water freezes at 0 degrees Celsius.", "{when|at what temperature|at how many degrees|at which temperature} does water {freeze|turn to ice|become ice|start to freeze|start freezing}", "the freezing point{| of water|}|the melting point of ice|the temperature at which water freezes"),
    ("Water is H2O: two hydrogen atoms and one oxygen atom.", "what is water made {of|from}|which elements are in water|what's water made of|what does h2o mean|what is h2o", "the {formula|chemical formula} {of|for} water|h2o"),
    ("A century has 100 years.", "how many years {are in|is|has|does|make|are there in} a century{| have| last|}|how long is a century", "the number of years in a century"),
    ("A decade has ten years.", "how many years {are in|is|has|does|make|are there in} a decade{| have|}|how long is a decade", "the number of years in a decade"),
    ("A millennium has 1000 years.", "how many years {are in|is|has|make} a millennium|how long is a millennium", "the number of years in a millennium"),
    ("A normal year has 365 days, a leap year 366.", "how many days {are in|are there in|has|does|make} {a|one|a normal|a leap} year{| have|}|how long is a year", "the number of days in a {year|leap year|normal year}"),
    ("A leap year comes every four years.", "how often is {there |}a leap year|when is a leap year|every how many years is there a leap year", "the leap year rule"),
    ("A year has twelve months.", "how many months {are in|are there in|has|does|make} a year{| have|}", "the number of months in a year"),
    ("A year has 52 weeks and one day.", "how many weeks {are in|are there in|has|does|make} a year{| have|}", "the number of weeks in a year"),
    ("There are four seasons: spring, summer, autumn and winter.", "how many seasons {are there|has the year|does a year have}|{name|list|what are} {the|all|the four} seasons", "the seasons{| of the year|}"),
    ("Neil Armstrong was the first person on the moon, in 1969.", "who was the {very |}first {man|person|human|one|astronaut} {on|to walk on|to step on|to set foot on|to stand on|to land on} the moon|when {was|did} the {first |}{moon landing|man land on the moon}|in {which|what} year {did people|did man|did a man|did humans} {first |}{land|walk} on the moon|who walked on the moon first", "the first {man|person|human} on the moon|the year of the {first |}moon landing"),
    ("Yuri Gagarin was the first person in space, in 1961.", "who was the first {man|person|human|one} in space|who flew to space first|when was the first man in space", "the first {man|person|human} in space"),
    ("Mount Everest is the highest mountain on Earth, about 8849 metres.", "{which|what} mountain is {the |}{highest|tallest|biggest}{| in the world| on earth|}|how {high|tall} is {mount |}everest", "the {highest|tallest|biggest} mountain{| in the world| on earth| of all|}|the height of {mount |}everest|the world's {tallest|highest} mountain"),
    ("The Pacific is the largest ocean.", "{which|what} {ocean|sea} is {the |}{largest|biggest}|which of the oceans is the biggest", "the {largest|biggest} ocean{| on earth| in the world|}|the world's {largest|biggest} ocean"),
    ("The Arctic Ocean is the smallest ocean.", "{which|what} ocean is {the |}smallest", "the smallest ocean"),
    ("Russia is the largest country by area.", "{which|what} country is {the |}{largest|biggest}{| in the world| on earth| by area|}", "the {largest|biggest} country{| in the world| on earth| by area|}|the world's {largest|biggest} country"),
    ("Vatican City is the smallest country in the world.", "{which|what} country is {the |}smallest{| in the world|}", "the smallest country{| in the world| on earth|}"),
    ("Asia is the largest continent.", "{which|what} continent is {the |}{largest|biggest}", "the {largest|biggest} continent"),
    ("Australia is the smallest continent.", "{which|what} continent is {the |}smallest", "the smallest continent"),
    ("The Nile and the Amazon are the longest rivers; the Nile is usually named first, about 6650 km.", "{which|what} river is {the |}longest{| in the world| on earth|}|how long is the nile", "the longest river{| in the world| on earth|}|the world's longest river"),
    ("The Sahara is the largest hot desert.", "{which|what} desert is {the |}{largest|biggest}", "the {largest|biggest} {desert|hot desert}{| in the world| on earth|}"),
    ("The blue whale is the largest animal.", "{which|what} {animal|creature|mammal|whale|living animal} is {the |}{largest|biggest|heaviest}{| of all| on earth| in the world|}", "the {largest|biggest|heaviest} {animal|mammal|creature|living thing}{| of all| on earth| in the world| ever|}"),
    ("The cheetah is the fastest land animal.", "{which|what} {animal|land animal} {is|runs} {the |}fastest{| on land|}|who runs fastest", "the fastest {animal|land animal|runner among animals}{| on land| on earth|}"),
    ("The giraffe is the tallest animal.", "{which|what} animal is {the |}tallest|which animal has the longest neck", "the {tallest animal|animal with the longest neck}"),
    ("The African elephant is the largest land animal.", "{which|what} land animal is {the |}{largest|biggest|heaviest}", "the {largest|biggest|heaviest} {land animal|animal on land}"),
    ("The ostrich is the largest bird.", "{which|what} bird is {the |}{largest|biggest}", "the {largest|biggest} bird"),
    ("A spider has eight legs and is not an insect.", "is {a|the} spider an insect|are spiders insects", "the class of animals of the spider"),
    ("An octopus has eight arms.", "how many {arms|legs|tentacles} {has|does} an octopus{| have|}", "the number of {arms|legs} of an octopus"),
    ("A whale is a mammal.", "{is|are} {a whale|whales|the whale|a dolphin|dolphins} {a |}{fish|mammal|mammals|fish or mammals|fish or a mammal}", "the class of animals of the whale"),
    ("The Berlin Wall fell in 1989.", "{when|in which year|in what year} {did|was} the berlin wall {fall|come down|opened|torn down}", "the year {when|in which} the berlin wall fell|the year of the fall of the berlin wall"),
    ("The Second World War lasted from 1939 to 1945.", "{when|in which year|in what year} did {the second world war|world war two|world war 2|ww2|world war ii|wwii|the 2nd world war} {end|begin|start|finish|break out|take place}|when was {the second world war|world war 2|ww2|world war ii}|how long did {the second world war|world war 2} last", "the {years|dates|end|beginning|end year} of {the second world war|world war 2|ww2}"),
    ("The First World War lasted from 1914 to 1918.", "{when|in which year|in what year} did {the first world war|world war one|world war 1|ww1|world war i|the great war} {end|begin|start|finish|break out|take place}|when was {the first world war|world war 1|ww1}|how long did {the first world war|world war 1} last", "the {years|dates|end|beginning} of {the first world war|world war 1|ww1}"),
    ("Columbus reached America in 1492.", "{when|in which year|in what year} {did columbus {reach|discover|find|sail to|get to} america|was america discovered}|who discovered america", "the year columbus reached america|the discoverer of america"),
    ("The Titanic sank in 1912.", "{when|in which year|in what year} did the titanic {sink|go down}", "the year the titanic sank"),
    ("The French Revolution began in 1789.", "{when|in which year|in what year} {did|was} the french revolution{| start| begin| break out|}", "the year of the french revolution"),
    ("The United States declared independence in 1776.", "{when|in which year|in what year} did {the united states|america|the usa} {declare independence|become independent}", "the year of {american independence|the declaration of independence}"),
    ("George Washington was the first president of the United States.", "who was the first {president of the united states|american president|us president|president of the usa}", "the first {american|us} president|the first president of {the united states|the usa|america}"),
    ("Light travels about 300,000 kilometres a second (exactly 299,792.458).", "how fast {is|does} light{| travel| go| move|}", "the speed of light"),
    ("Sound travels about 343 metres a second in air.", "how fast {is|does} sound{| travel| go| move|}", "the speed of sound"),
    ("The human body has 206 bones.", "how many bones {are in|are there in|has|does} {the human body|a human|an adult|a person|the body}{| have|}", "the number of bones {in the human body|of a human}"),
    ("An adult has 32 teeth.", "how many teeth {has|does|have} {an adult|a human|a person|people|adults}{| have|}", "the number of {human teeth|teeth of an adult}"),
    ("A human has five fingers on each hand, ten in all.", "how many fingers {has|does|have|do|are on} {a human|a person|a hand|people|we|one hand}{| have|}", "the number of fingers"),
    ("The heart pumps the blood through the body.", "what does the {heart|human heart} do|which organ pumps {the |}blood|what is the heart for", "the {job|task|function} of the heart|the organ that pumps blood"),
    ("The skin is the largest organ of the body.", "{which|what} organ is {the |}{largest|biggest}", "the {largest|biggest} organ{| of the body|}"),
    ("We breathe in oxygen and breathe out carbon dioxide.", "{what|which} gas do {we|people|humans} {breathe|need to breathe|breathe in|breathe out}|what do we breathe", "the gas that we breathe"),
    ("Hydrogen is the lightest element.", "{which|what} element is {the |}lightest", "the lightest element|the first element"),
    ("Diamond is the hardest natural material.", "{which|what} {material|stone|mineral} is {the |}hardest|what are diamonds made of", "the hardest {material|stone|mineral|natural material}"),
    ("A full circle has 360 degrees.", "how many degrees {has|does|are in|are there in} a {circle|full circle|full turn}{| have|}", "the number of degrees in a circle"),
    ("The angles of a triangle add up to 180 degrees.", "what {do|is} the {angles|sum of the angles} {of|in} a triangle{| add up to|}|how many degrees {has|are in} a triangle", "the sum of the angles {in|of} a triangle"),
    ("A right angle has 90 degrees.", "how many degrees {has|does|is} a right angle{| have|}", "the size of a right angle"),
    ("Pi is about 3.14159.", "{what is|how much is|whats|tell me} {pi|the number pi}|what is pi in maths", "the value of pi|pi|the number pi"),
    ("A dozen is 12.", "how many {is|are in|are|make} a dozen|what is a dozen", "a dozen|the number in a dozen"),
    ("A rainbow shows red, orange, yellow, green, blue, indigo and violet.", "how many colours {has|does} a rainbow{| have|}|{what|which} {colours|colors} {are in|has|does|make up} {a|the} rainbow{| have|}", "the colours of the rainbow|the colors of a rainbow|the number of colours in a rainbow"),
    ("The primary colours are red, yellow and blue; on screens red, green and blue.", "{what|which} are the {primary|basic} {colours|colors}", "the {primary|basic} {colours|colors}"),
    ("Blue and yellow make green.", "what {do|colour do|color do|does} {blue and yellow|yellow and blue} {make|give}{| together|}|what do you get when you mix blue and yellow|how do you mix green", "the mix of blue and yellow"),
    ("Red and yellow make orange.", "what {do|colour do|color do|does} {red and yellow|yellow and red} {make|give}{| together|}|what do you get when you mix red and yellow", "the mix of red and yellow"),
    ("Red and blue make purple.", "what {do|colour do|color do|does} {red and blue|blue and red} {make|give}{| together|}|what do you get when you mix red and blue", "the mix of red and blue"),
    ("The sun rises in the east and sets in the west.", "where does the sun {rise|set|come up|go down}|in {which|what} direction does the sun {rise|set}", "the direction of the sunrise|the direction of the sunset"),
    ("The four directions are north, east, south and west.", "{name|list|what are} the {four |}{directions|points of the compass|cardinal directions}", "the points of the compass"),
    ("A football team has eleven players on the pitch.", "how many players {has|does|are in|are on|are there in} a {football|soccer} team{| have|}", "the number of players in a {football|soccer} team"),
    ("A chessboard has 64 squares.", "how many squares {has|does|are on} a {chessboard|chess board}{| have|}", "the number of squares on a chessboard"),
    ("A guitar usually has six strings, a violin four.", "how many strings {has|does} a {guitar|violin}{| have|}", "the number of strings {of|on} a {guitar|violin}"),
    ("A piano has 88 keys.", "how many keys {has|does|are on} a piano{| have|}", "the number of keys {of|on} a piano"),
    ("The English alphabet has 26 letters.", "how many letters {are in|are there in|has|does} the {english |}alphabet{| have|}", "the number of letters in the {english |}alphabet"),
    ("The English vowels are a, e, i, o and u.", "{what|which} {are the|letters are} vowels|how many vowels are there|name the vowels", "the vowels"),
    ("Bees make honey.", "{who|what|which animal|which insect} {makes|produces} honey|where does honey come from|what do bees make", "the animal that makes honey"),
    ("Cows give milk.", "{which animal|what animal} gives us milk|where does milk come from", "the animal that gives milk"),
    ("Bread is made from flour, water, salt and usually yeast.", "what is bread made {of|from}", "the ingredients of bread"),
    ("Paris is where the Eiffel Tower stands.", "{where|in which city} is the eiffel tower|{which|what} city has the eiffel tower", "the city of the eiffel tower"),
    ("The Statue of Liberty stands in New York.", "{where|in which city} is the statue of liberty", "the city of the statue of liberty"),
    ("The Colosseum stands in Rome.", "{where|in which city} is the {colosseum|coliseum}", "the city of the colosseum"),
    ("Big Ben is in London.", "{where|in which city} is big ben", "the city of big ben"),
    ("The pyramids of Giza are in Egypt.", "{where|in which country} are the {pyramids|great pyramids|pyramids of giza}|who built the pyramids", "the country of the pyramids"),
    ("The Great Wall is in China.", "{where|in which country} is the great wall", "the country of the great wall"),
    ("The Earth is a planet, nearly a ball in shape.", "is the earth {flat|round|a ball|a planet}|what shape {has|is} the earth", "the shape of the earth"),
    ("Christmas Day is on 25 December.", "when is christmas{| day|}|on {which|what} {day|date} is christmas", "the date of christmas"),
    ("New Year's Day is on 1 January.", "when is new year{|'s day|}|on {which|what} date is new year", "the date of new year"),
    ("Halloween is on 31 October.", "when is halloween|on {which|what} date is halloween", "the date of halloween"),
    ("Plants take in carbon dioxide and give off oxygen in the light.", "{what|which} gas do {plants|trees} {take in|give off|need|produce|make}", "the gas that plants need"),
    ("Ice is frozen water.", "what is ice{| made of|}", "ice"),
    ("A group of wolves is called a pack.", "what {is|do you call} a group of wolves{| called|}", "the word for a group of wolves"),
    ("Dogs are said to be man's best friend.", "who is man's best friend|what animal is man's best friend", "man's best friend"),
    ("Pandas eat bamboo.", "what do pandas eat|what does a panda eat", "the food of pandas"),
    ("The kiwi is a bird from New Zealand that cannot fly.", "what is a kiwi{| bird|}|where does the kiwi live", "the kiwi bird"),
]
FACT_INTENTS = [Intent("fact", answer, 1.0, say=say, np=phrase) for answer, say, phrase in FACTS]
ask_fact = weighted(FACT_INTENTS)

# The beginnings of two answers, and how to get from the first to the second.
FACT_NEXT = [
    ("Jupiter is", "Mercury is the smallest", "{and |}{the smallest|the smallest one|which is the smallest|the smallest planet}"),
    ("Mercury is the smallest", "Jupiter is", "{and |}{the largest|the biggest|the biggest one|which is the largest}"),
    ("The Pacific is", "The Arctic Ocean", "{and |}{the smallest|the smallest one|which is the smallest}"),
    ("Russia is", "Vatican City is", "{and |}{the smallest|the smallest one|which is the smallest}"),
    ("Asia is", "Australia is", "{and |}{the smallest|the smallest one|which is the smallest}"),
    ("Water boils", "Water freezes", "{and |}{when does it freeze|the freezing point|when does it turn to ice|freezing}"),
    ("Water freezes", "Water boils", "{and |}{when does it boil|the boiling point|boiling}"),
    ("The Second World War", "The First World War", "{and |}{the first|the first one|what about the first|when was the first}"),
    ("The First World War", "The Second World War", "{and |}{the second|the second one|what about the second|when was the second}"),
    ("There are eight planets", "The planets are", "{and |}{what are they called|name them|what are their names|can you name them|which ones}"),
    ("The planets are", "Jupiter is", "{and |}{which is the biggest|which one is the largest|the biggest of them}"),
    ("A decade has", "A century has", "{and |}{a century|what about a century|how about a century}"),
    ("A century has", "A millennium has", "{and |}{a millennium|what about a millennium|how about a millennium}"),
    ("A normal year has", "A year has twelve", "{and |}{how many months|months}"),
    ("Neil Armstrong", "Yuri Gagarin", "{and |}{in space|who was the first in space|the first in space}"),
]


def follow_fact(turn, random):
    fitting = [(target, asks) for start, target, asks in FACT_NEXT if turn.answer.startswith(start)]
    if not fitting:
        return None
    target, asks = random.choice(fitting)
    answer = next(intent.answer for intent in FACT_INTENTS if intent.answer.startswith(target))
    return Turn(expand(asks, random), answer, "fact", wrap=False)



def ask_relation(random):
    return random.choices(RELATIONS, [relation.weight for relation in RELATIONS])[0].turn(random)


def follow_knowledge(turn, random):
    """After a table question: the same relation of another subject, or another relation of the same subject."""
    by_name = {relation.name: relation for relation in RELATIONS}
    country = turn.key
    if turn.intent in ("capital", "currency", "continent", "language") and random.random() < 0.45:
        other = by_name[random.choice([name for name in ("capital", "currency", "continent", "language") if name != turn.intent])]
        return other.follow_back(turn, random)
    if turn.intent == "capital-of-what" and random.random() < 0.3:
        country = by_name["capital-of-what"].pairs[turn.key]
        other = by_name[random.choice(["currency", "continent", "language"])]
        return other.follow_back(Turn("", "", "", country), random)
    return by_name[turn.intent].follow(turn, random)


FOLLOW = {relation.name: follow_knowledge for relation in RELATIONS} | {"fact": follow_fact}
