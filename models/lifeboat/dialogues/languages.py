"""Sentences in other languages, and text that is no language at all; both get one polite English line."""

from .turn import Turn

FOREIGN = "Sorry, I understand English only. Please ask me again in simple English."
GIBBERISH = "Sorry, I didn't understand that. Please ask me in simple English."

SENTENCES = """
Wie geht es dir?|Was ist die Hauptstadt von Frankreich?|Kannst du mir helfen?|Ich brauche einen Schlüssel|Wer bist du?|Guten Morgen|Danke schön|Wo finde ich den Schlüssel?|Warum funktioniert das nicht?|Ich habe eine Frage zu meinem Konto|Erzähl mir einen Witz|Wie spät ist es?|Was kannst du?|Sprichst du Deutsch?|Mein Name ist Peter|Bitte schreib mir einen Brief|Das ist nicht richtig|Wie wird das Wetter morgen?|Ich verstehe das nicht|Was bedeutet dieser Fehler?|Der Server antwortet nicht|Kann ich das ändern?|Was soll ich jetzt machen?|Hallo, ist da jemand?|Wie komme ich an den Schlüssel?|Rechne bitte zwei plus zwei|Auf Wiedersehen|Wie funktioniert das hier?|Wann kommt die Cloud zurück?|Wo wohnst du?|Übersetze das bitte|Ich möchte wissen, wie das geht|Hast du Zeit?|Gute Nacht|Wie alt bist du?|Was kostet das?|Welche Modelle gibt es?
Comment ça va ?|Quelle est la capitale de l'Italie ?|Peux-tu m'aider ?|J'ai besoin d'une clé|Qui es-tu ?|Bonjour|Merci beaucoup|Où est la clé ?|Pourquoi ça ne marche pas ?|Raconte-moi une blague|Quelle heure est-il ?|Que peux-tu faire ?|Parlez-vous français ?|Je m'appelle Marie|Quel temps fait-il demain ?|Je ne comprends pas|Le serveur ne répond pas|Au revoir|Combien font deux et deux ?|Je voudrais poser une question|Est-ce que tu peux traduire ça ?|C'est quoi cette erreur ?|Comment obtenir une nouvelle clé ?|Bonne nuit|Salut, ça va bien aujourd'hui ?|Où habites-tu ?|Combien ça coûte ?|Quels modèles sont disponibles ?|Ma clé ne fonctionne plus
¿Cómo estás?|¿Cuál es la capital de España?|¿Puedes ayudarme?|Necesito una clave|¿Quién eres?|Buenos días|Muchas gracias|¿Dónde está la llave?|¿Por qué no funciona?|Cuéntame un chiste|¿Qué hora es?|¿Qué puedes hacer?|¿Hablas español?|Me llamo Carlos|¿Qué tiempo hace mañana?|No entiendo nada|El servidor no responde|Hasta luego|¿Cuánto es dos más dos?|Tengo una pregunta|Tradúceme esta frase|¿Qué significa este error?|¿Cómo consigo una nueva clave?|Buenas noches|Hola amigo, que tal|¿Dónde vives?|¿Cuánto cuesta?|Quiero saber más|Ayúdame con la tarea por favor
Come stai?|Qual è la capitale della Francia?|Puoi aiutarmi?|Ho bisogno di una chiave|Chi sei?|Buongiorno|Grazie mille|Dov'è la chiave?|Perché non funziona?|Raccontami una barzelletta|Che ore sono?|Che cosa sai fare?|Parli italiano?|Mi chiamo Luca|Che tempo fa domani?|Non capisco|Il server non risponde|Arrivederci|Quanto fa due più due?|Ho una domanda|Cosa significa questo errore?|Come ottengo una nuova chiave?|Buona notte|Ciao, come va oggi?|Dove abiti?|Quanto costa?
Como você está?|Qual é a capital do Brasil?|Você pode me ajudar?|Preciso de uma chave|Quem é você?|Bom dia|Muito obrigado|Onde está a chave?|Por que não funciona?|Conte uma piada|Que horas são?|O que você pode fazer?|Você fala português?|Meu nome é Ana|Como vai o tempo amanhã?|Não entendi|O servidor não responde|Até logo|Quanto é dois mais dois?|Tenho uma pergunta|O que significa este erro?|Como consigo uma nova chave?|Boa noite|Oi, tudo bem?
Hoe gaat het met je?|Wat is de hoofdstad van Nederland?|Kun je mij helpen?|Ik heb een sleutel nodig|Wie ben jij?|Goedemorgen|Dank je wel|Waar is de sleutel?|Waarom werkt het niet?|Vertel een grap|Wat kun je doen?|Spreek je Nederlands?|Ik heet Jan|Wat voor weer wordt het morgen?|Ik begrijp het niet|De server reageert niet|Tot ziens|Hoeveel is twee plus twee?|Ik heb een vraag|Wat betekent deze fout?|Hoe krijg ik een nieuwe sleutel?|Welterusten|Waar woon je?
Hur mår du?|Vad heter du?|Kan du hjälpa mig?|Jag behöver en nyckel|God morgon|Tack så mycket|Varför fungerar det inte?|Berätta ett skämt|Hvordan har du det?|Hva heter du?|Kan du hjelpe meg?|Tusen takk|Hvad hedder du?|Jeg forstår det ikke|Mitä kuuluu?|Mikä sinun nimesi on?|Voitko auttaa minua?|Kiitos paljon|Hvor er nøkkelen?|Vad är klockan?|Jag förstår inte|Servern svarar inte
Jak się masz?|Jaka jest stolica Polski?|Czy możesz mi pomóc?|Potrzebuję klucza|Kim jesteś?|Dzień dobry|Dziękuję bardzo|Gdzie jest klucz?|Dlaczego to nie działa?|Opowiedz żart|Która godzina?|Nie rozumiem|Do widzenia|Mam pytanie|Jak se máš?|Můžeš mi pomoci?|Kde je klíč?|Děkuji|Ako sa máš?|Hogy vagy?|Tudsz segíteni?|Köszönöm szépen|Mi a neved?|Ce mai faci?|Mă poți ajuta?|Mulțumesc|Kako si?|Možeš li mi pomoći?|Hvala lijepo|Kaip sekasi?|Kuidas läheb?
Nasılsın?|Bana yardım eder misin?|Adın ne?|Teşekkür ederim|Anahtar nerede?|Neden çalışmıyor?|Saat kaç?|Apa kabar?|Bisakah kamu membantu saya?|Siapa namamu?|Terima kasih|Bạn khỏe không?|Bạn có thể giúp tôi không?|Cảm ơn|Habari gani?|Unaweza kunisaidia?|Kumusta ka?|Si jeni?|Faleminderit|Quid agis?|Quis es?|Kiel vi fartas?|Ĉu vi povas helpi min?|Dia duit|Sut wyt ti?|Kaixo, zer moduz?|Bon dia, com estàs?
Как дела?|Как тебя зовут?|Ты можешь мне помочь?|Мне нужен ключ|Кто ты?|Доброе утро|Большое спасибо|Где ключ?|Почему не работает?|Расскажи анекдот|Сколько времени?|Я не понимаю|До свидания|Какая погода завтра?|Что значит эта ошибка?|Як справи?|Допоможи мені, будь ласка|Дякую|Какво правиш?|Можеш ли да ми помогнеш?|Како си?|Столица России|Сервер не отвечает|Напиши мне письмо
你好|你是谁？|你能帮我吗？|中国的首都是哪里？|谢谢你|怎么得到新的密钥？|为什么不工作？|讲个笑话|现在几点？|我不明白|再见|明天天气怎么样？|请帮我翻译|こんにちは|あなたは誰ですか？|手伝ってくれますか？|ありがとう|日本の首都はどこですか？|鍵はどこですか？|なぜ動かないのですか？|今何時ですか？|わかりません|さようなら|안녕하세요|당신은 누구입니까?|도와주세요|감사합니다|열쇠가 어디 있어요?|지금 몇 시예요?
مرحبا|كيف حالك؟|هل يمكنك مساعدتي؟|من أنت؟|شكرا جزيلا|أين المفتاح؟|ما اسمك؟|ما هي عاصمة مصر؟|שלום|מה שלומך?|אתה יכול לעזור לי?|תודה רבה|سلام، حال شما چطور است؟|नमस्ते|आप कैसे हैं?|क्या आप मेरी मदद कर सकते हैं?|धन्यवाद|आपका नाम क्या है?|สวัสดี|คุณชื่ออะไร|ช่วยฉันหน่อย|Γεια σου|Τι κάνεις;|Μπορείς να με βοηθήσεις;|Ευχαριστώ|გამარჯობა|বাংলা বলতে পারো?|தமிழ் தெரியுமா?|Բարև|Сәлем
"""
LINES = [line.split("|") for line in SENTENCES.strip().splitlines()]
RARE_SCRIPTS = [(0x0400, 0x044F), (0x4E00, 0x9FA0), (0x3041, 0x3096), (0xAC00, 0xD7A0), (0x0621, 0x064A), (0x05D0, 0x05EA), (0x0905, 0x0939), (0x03B1, 0x03C9), (0x0E01, 0x0E2E)]
KEYS = "asdfghjklqwertyuiopzxcvbnm"
SYMBOLS = ["?", "??", "???", "????", "!", "!!!", "...", ".", "-", "*", "#", "?!", "%%%", ":)", ":(", "<3", "123", "0", "42", "1234567", "99999", "xx", "zzz", "qqq", "ffff", "{}", "[]", "()", "\\n", "👍", "😀", "🤖 🤖", "❤️", "🙂?", "🚀", "🎉🎉"]


def ask_foreign(random):
    draw = random.random()
    line = random.choice(LINES)
    if draw < 0.5:
        text = random.choice(line)
    elif draw < 0.75:
        text = " ".join(random.sample(line, 2))
    elif draw < 0.9:
        words = " ".join(random.sample(line, 3)).split()
        text = " ".join(random.sample(words, min(len(words), random.randint(3, 7))))
    else:
        first, last = random.choice(RARE_SCRIPTS)
        text = " ".join("".join(chr(random.randint(first, last)) for _ in range(random.randint(1, 6))) for _ in range(random.randint(1, 4)))
    if random.random() < 0.4:
        text = text.lower().strip("?¿.!")
    return Turn(text, FOREIGN, "foreign", exact=True)


def ask_gibberish(random):
    if random.random() < 0.35:
        return Turn(random.choice(SYMBOLS), GIBBERISH, "gibberish", exact=True)
    letters = KEYS[:9] if random.random() < 0.5 else KEYS
    words = ["".join(random.choices(letters, k=random.randint(3, 9))) for _ in range(random.randint(1, 5))]
    return Turn(" ".join(words), GIBBERISH, "gibberish", exact=True)


def ask_languages(random):
    return ask_foreign(random) if random.random() < 0.72 else ask_gibberish(random)
