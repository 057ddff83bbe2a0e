"""Everyday words in the languages that people type in: for commands ("ajuda" is help), for choices, and the
words of buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.commands.values import fold, words_of
from bot.messages import ENGLISH

# The command, then the words that begin it, per language apart by "|", the first as help shows it. A word
# that two languages use for two commands stands in neither.
_WORDS = {
    "help": {"fr": "aide|aide-moi", "it": "aiuto", "pl": "pomoc", "pt": "ajuda", "lv": "palīdzība",
             "de": "hilfe", "es": "ayuda", "ro": "ajutor"},
    "log": {"fr": "noter|note|notez|consigner", "it": "registra|registrare|registrala",
            "pl": "wpisz|wpisać|zapisz|zapisać", "pt": "registar", "lv": "pierakstīt|pieraksti",
            "de": "eintragen|erfassen", "es": "anotar|apuntar|anota|apunta|registrar",
            "ro": "notează|înregistrează"},
    "undo": {"fr": "annuler|annule|annulez|défaire", "it": "annulla|annullare", "pl": "cofnij|cofnąć",
             "pt": "desfazer", "lv": "atsaukt|atsauc", "de": "rückgängig|rückgängig machen",
             "es": "deshacer|deshaz", "ro": "anulează|anulare"},
    "edit": {"fr": "modifier|modifie|corriger|corrige", "it": "modifica|modificare|correggi",
             "pl": "zmień|zmienić|popraw", "pt": "alterar|editar|corrigir", "lv": "labot|mainīt",
             "de": "bearbeiten|ändern|korrigieren", "es": "editar|modificar|corregir|cambiar",
             "ro": "modifică|editează|corectează"},
    "todo": {"en": "what do i owe|what do we owe|my duties", "fr": "à faire|tâches|mes tâches",
             "it": "da fare|compiti", "pl": "do zrobienia|zadania", "pt": "a fazer|tarefas|pendentes",
             "lv": "darāmais|uzdevumi", "de": "zu tun|aufgaben|meine aufgaben",
             "es": "pendientes|pendiente|tareas", "ro": "de făcut|sarcini"},
    "events": {"en": "who answered", "fr": "événements|évènements", "it": "eventi", "pl": "wydarzenia",
               "pt": "eventos", "lv": "pasākumi", "de": "veranstaltungen", "es": "eventos",
               "ro": "evenimente"},
    "activities": {"fr": "activités", "it": "attività", "pl": "działania", "pt": "atividades",
                   "lv": "aktivitātes", "de": "aktivitäten", "es": "actividades", "ro": "activități"},
    "indicators": {"en": "where do we stand|how are we doing", "fr": "indicateurs", "it": "indicatori",
                   "pl": "wskaźniki", "pt": "indicadores", "lv": "rādītāji", "de": "indikatoren",
                   "es": "indicadores", "ro": "indicatori"},
    "vote": {"fr": "voter|vote|votez", "it": "vota|votare", "pl": "głosuj|głosować", "pt": "votar",
             "lv": "balsot|balso", "de": "abstimmen", "es": "votar|vota", "ro": "votează"},
    "votes": {"fr": "mes votes|nos votes", "it": "i miei voti|i nostri voti", "pl": "moje głosy|nasze głosy",
              "pt": "os meus votos|os nossos votos", "lv": "mani balsojumi|mūsu balsojumi",
              "de": "meine stimmen|unsere stimmen", "es": "mis votos|nuestros votos",
              "ro": "voturile mele|voturile noastre"},
    "motions": {"en": "who has voted", "it": "mozioni", "pl": "wnioski", "pt": "moções", "lv": "priekšlikumi",
                "de": "anträge", "es": "mociones", "ro": "moțiuni"},
    "decisions": {"fr": "décisions", "it": "decisioni", "pl": "decyzje", "pt": "decisões", "lv": "lēmumi",
                  "de": "beschlüsse", "es": "decisiones", "ro": "decizii"},
    "propose": {"fr": "proposer", "it": "proponi|proporre", "pl": "zgłoś wniosek|zaproponuj", "pt": "propor",
                "lv": "iesniegt|rosināt", "de": "vorschlagen", "es": "proponer", "ro": "propune"},
    "charter": {"fr": "charte", "it": "carta", "pl": "karta", "pt": "carta", "lv": "harta", "de": "charta",
                "es": "carta", "ro": "carta"},
    "assembly": {"fr": "assemblée", "it": "assemblea", "pl": "zgromadzenie", "pt": "assembleia",
                 "lv": "kopsapulce", "de": "versammlung", "es": "asamblea", "ro": "adunarea"},
    "sign": {"fr": "signer", "it": "firma|firmare", "pl": "podpisz", "pt": "assinar", "lv": "parakstīt",
             "de": "unterschreiben", "es": "firmar", "ro": "semnează"},
    "announce": {"fr": "annoncer", "it": "annuncia|annunciare", "pl": "ogłoś|ogłosić",
                 "pt": "comunicar|anunciar", "lv": "paziņot", "de": "ankündigen", "es": "anunciar",
                 "ro": "anunță"},
    "announcements": {"fr": "annonces", "it": "annunci", "pl": "ogłoszenia", "pt": "comunicados|anúncios",
                      "lv": "paziņojumi", "de": "ankündigungen", "es": "anuncios", "ro": "anunțuri"},
    "newsletter": {"lv": "biļetens", "es": "boletín"},
    "subscribe": {"fr": "s'abonner|m'abonner", "it": "iscriviti|iscrivimi", "pl": "zapisz się|zapisz mnie",
                  "pt": "subscrever", "lv": "abonēt", "de": "abonnieren", "es": "suscribirse|suscribirme",
                  "ro": "abonează-mă"},
    "unsubscribe": {"fr": "se désabonner|me désabonner", "it": "annulla l'iscrizione|disiscrivimi",
                    "pl": "wypisz się|wypisz mnie", "pt": "anular subscrição", "de": "abbestellen",
                    "es": "darse de baja|darme de baja", "ro": "dezabonează-mă"},
    "digest": {"fr": "récapitulatif", "it": "riepilogo", "pl": "zestawienie", "pt": "resumo",
               "lv": "kopsavilkums", "de": "übersicht", "es": "resumen", "ro": "rezumat"},
    "notify": {"fr": "mes envois", "it": "notifiche", "pl": "powiadomienia", "pt": "notificações",
               "de": "benachrichtigungen", "es": "notificaciones", "ro": "notificări"},
    "away": {"fr": "absence|absent|absente", "it": "assenza|assente", "pl": "nieobecność",
             "pt": "ausência|ausente", "lv": "prombūtne", "de": "abwesend|abwesenheit",
             "es": "ausencia|ausente", "ro": "absență|absent"},
    "calendar": {"fr": "calendrier", "it": "calendario", "pl": "kalendarz", "pt": "calendário",
                 "lv": "kalendārs", "de": "kalender", "es": "calendario"},
    "partners": {"fr": "partenaires", "it": "partner", "pl": "partnerzy", "pt": "parceiros", "lv": "partneri",
                 "es": "socios", "ro": "parteneri"},
    "invite": {"fr": "inviter", "it": "invita|invitare", "pl": "zaproś|zaprosić", "pt": "convidar",
               "lv": "uzaicināt", "de": "einladen", "es": "invitar", "ro": "invită"},
    "people": {"en": "who is the coordinator", "fr": "personnes", "it": "persone", "pl": "osoby|ludzie",
               "pt": "pessoas", "lv": "cilvēki", "de": "personen|leute", "es": "personas",
               "ro": "persoane|oameni"},
    "places": {"fr": "espaces", "it": "spazi", "pl": "miejsca", "pt": "espaços", "lv": "telpas",
               "de": "räume", "es": "espacios", "ro": "spații"},
    "profile": {"fr": "profil", "it": "profilo", "pl": "profil", "pt": "perfil", "lv": "profils",
                "de": "profil", "es": "perfil", "ro": "profil"},
    "language": {"fr": "langue", "it": "lingua", "pl": "język", "pt": "língua|idioma", "lv": "valoda",
                 "de": "sprache", "es": "idioma", "ro": "limba|limbă"},
    "timezone": {"en": "time zone", "fr": "fuseau horaire", "it": "fuso orario", "pl": "strefa czasowa",
                 "pt": "fuso horário", "lv": "laika josla", "de": "zeitzone", "es": "zona horaria",
                 "ro": "fus orar"},
    "privacy": {"fr": "confidentialité", "pl": "prywatność", "pt": "privacidade", "lv": "privātums",
                "de": "datenschutz", "es": "privacidad", "ro": "confidențialitate"},
    "thanks": {"fr": "merci|merci beaucoup", "it": "grazie|grazie mille", "pl": "dziękuję|dzięki",
               "pt": "obrigado|obrigada", "lv": "paldies", "de": "danke|vielen dank",
               "es": "gracias|muchas gracias", "ro": "mulțumesc|mersi"},
    "write less": {"fr": "moins de messages", "it": "meno messaggi", "pl": "mniej wiadomości",
                   "pt": "menos mensagens", "lv": "mazāk ziņu", "de": "weniger nachrichten",
                   "es": "menos mensajes", "ro": "mai puține mesaje"},
    "start": {"fr": "bonjour", "it": "ciao", "pl": "cześć", "pt": "olá", "lv": "sveiki", "de": "hallo",
              "es": "hola", "ro": "salut"},
}  # fmt: skip
# What people type for a choice beside its label: the English value or synonym, then the words for it, per
# language apart by "|".
_CHOICES = {
    "all": {"fr": "tous|toutes|tout", "it": "tutti|tutte|tutto", "pl": "wszystkie|wszystko",
            "pt": "todos|todas|tudo", "lv": "visi|visas|viss", "de": "alle|alles", "es": "todos|todas|todo",
            "ro": "toate|toți|tot"},
    "mine": {"fr": "mes|les miennes", "it": "mie|miei", "pl": "moje", "pt": "minhas|meus", "lv": "manas|mani",
             "de": "meine", "es": "mis|mías", "ro": "mele|ale mele"},
    "ours": {"fr": "nos|les nôtres", "it": "nostre|nostri", "pl": "nasze", "pt": "nossas|nossos",
             "lv": "mūsu", "de": "unsere", "es": "nuestras|nuestros", "ro": "noastre|ale noastre"},
    "next": {"fr": "prochains|prochaines", "it": "prossimi|prossime", "pl": "najbliższe",
             "pt": "próximos|próximas", "lv": "nākamie|nākamās", "de": "nächste", "es": "próximos|próximas",
             "ro": "următoare|următoarele"},
    "old": {"fr": "anciens|anciennes", "it": "vecchi|vecchie", "pl": "stare", "pt": "antigos|antigas",
            "lv": "vecie|vecās", "de": "alte", "es": "antiguos|antiguas", "ro": "vechi"},
    "closed": {"fr": "closes|terminées", "it": "chiuse", "pl": "zamknięte", "pt": "encerradas",
               "lv": "slēgtie", "de": "geschlossene|beendete", "es": "cerradas", "ro": "închise"},
    "running": {"fr": "en cours", "it": "in corso", "pl": "trwające|w toku", "pt": "em curso",
                "lv": "notiekošie", "de": "laufende", "es": "en curso", "ro": "în curs"},
    "never": {"fr": "jamais", "it": "mai", "pl": "nigdy", "pt": "nunca", "lv": "nekad", "de": "nie",
              "es": "nunca", "ro": "niciodată"},
    "now": {"fr": "maintenant", "it": "ora|adesso", "pl": "teraz", "pt": "agora", "lv": "tagad",
            "de": "jetzt", "es": "ahora", "ro": "acum"},
    "every day": {"fr": "chaque jour|tous les jours", "it": "ogni giorno", "pl": "codziennie",
                  "pt": "todos os dias", "lv": "katru dienu", "de": "jeden tag", "es": "cada día",
                  "ro": "în fiecare zi"},
    "every week": {"fr": "chaque semaine", "it": "ogni settimana", "pl": "co tydzień",
                   "pt": "todas as semanas", "lv": "katru nedēļu", "de": "jede woche", "es": "cada semana",
                   "ro": "în fiecare săptămână"},
    "every month": {"fr": "chaque mois", "it": "ogni mese", "pl": "co miesiąc", "pt": "todos os meses",
                    "lv": "katru mēnesi", "de": "jeden monat", "es": "cada mes", "ro": "în fiecare lună"},
}  # fmt: skip

# What stands on a button, in English, and the line that does the same: whoever types the words of the button,
# in their own language, means it.
_ON_BUTTONS = {
    "Undo": "undo", "Edit": "edit", "Log it": "log", "Log something": "log", "Help": "help", "Vote": "vote",
    "All I owe": "todo", "All there is to do": "todo", "What comes next": "digest", "Read it now": "digest",
    "My list": "activities mine", "Events": "events", "Indicators": "indicators",
    "All indicators": "indicators", "See the indicators": "indicators", "My votes": "votes",
    "All motions": "motions", "All decisions": "decisions", "Propose": "propose", "Sign": "sign",
    "Who signed": "founding", "All articles": "charter", "Preamble": "charter preamble",
    "The agreement": "agreement", "The Assembly": "assembly", "The bodies": "bodies",
    "The renewal": "renewal", "All rules": "rule", "Announce": "announce", "Announcements": "announcements",
    "Newsletter": "newsletter", "Subscribe": "subscribe", "Unsubscribe": "unsubscribe",
    "Send an item": "news new", "Send news": "news new", "Our profile": "eccp", "Find partners": "partners",
    "What I send you": "notify", "All I send you": "notify", "I'll be away": "away", "I'm back": "back",
    "I'll be here": "back",
    "My addresses": "email", "Calendar link": "calendar", "People": "people", "My organisation": "people",
    "Invite somebody": "invite", "Invite a colleague": "invite", "New invitation": "invite",
    "All invitations": "invitations", "I have an invitation": "join", "Places": "places",
    "All jobs": "jobs", "Profile": "profile", "My data": "profile", "Language and time": "profile",
    "Language": "language", "Other languages": "language", "Time zone": "timezone",
    "Privacy notice": "privacy",
}  # fmt: skip
LONGEST_LABEL = 30  # characters: twenty, and what an accent or a slash may add
_WITHOUT_DOTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

# Folded words -> the command's name.
EVERYDAY: Mapping[tuple[str, ...], str] = {
    tuple(fold(way).split()): command
    for command, by_language in _WORDS.items()
    for words in by_language.values()
    for word in words.split("|")
    for way in (word, word.translate(_WITHOUT_DOTS))
}


def ways_to_choose(word: str, language: str) -> tuple[str, ...]:
    """The words in a language (its short tag) for an English word by which something is chosen."""
    own = _CHOICES.get(word, {}).get(language, "")
    return tuple(own.split("|")) if own else ()


def as_on_a_button(text: str, translate: Callable[[str], str]) -> str:
    """The line that does what the button does whose words are `text`, in the language into which `translate`
    brings a message id; "" where no such button is known."""
    said = words_of(text) if len(text) <= LONGEST_LABEL else ()
    among = _ON_BUTTONS.items() if said else ()
    return next((line for label, line in among if words_of(translate(label)) == said), "")


def everyday_name(command: str, language: str) -> str:
    """What a command is called in a language (its short tag); its own name where there is no word for it."""
    own = _WORDS.get(command, {}).get(language, "") if language != ENGLISH else ""
    return own.partition("|")[0] or command
