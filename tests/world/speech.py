"""What people of the worlds say: grammars of many clauses in several languages, and ways to disguise an address.

A table holds kinds of sentence, each a list of templates whose {slots} are filled from the same table or by the caller:
{x} the address, {old} the place left, {n} a thing of the board's topic, {s} a word of the community's own.
"""

import base64
import re
from collections.abc import Callable
from functools import lru_cache
from random import Random

from tests.world.names import pick

SLOT = re.compile(r"\{(\w+)\}")
Table = dict[str, list[str]]

ENGLISH: Table = {
    "move": [
        "{lead}{we} {went} {x}{tail}", "{lead}{olddead}{sep}{we} {went} {x}{tail}", "{newat}{x}{tail}",
        "{x} {isnew}{tail}", "{seek}{sep}{try} {x}{tail}", "{lead}{see} {x}{tail}", "{lead}{x}", "{x}{tail}",
        "{because}, so {we} {went} {x}{tail}", "{lead}{x} is up, {people} {arrive}{tail}", "{newat}{x}\n{rules}",
        "{people} from {old} {went} {x}{tail}", "{olddead}. {see} {x} then{tail}", "psa: {x} {isnew}{tail}",
        "{lead}bookmark {x}{sep}{olddead}", "for those who missed it, {we} {went} {x}{tail}",
    ],
    "lead": ["", "", "", "", "ok so ", "listen, ", "heads up, ", "right then. ", "since people keep asking: ", "fyi ",
             "yo ", "well, ", "last time I say this: ", "hello again. ", "anons, ", "friends, ", "lads, ", "hey "],
    "we": ["we", "everyone", "most of us", "the whole gang", "half the board", "the regulars", "all of us", "my lot",
           "the old crew", "nearly everybody", "the {s} posters", "people"],
    "went": ["went to", "moved to", "are on", "ended up on", "regrouped at", "are posting on", "relocated to",
             "set up camp at", "are at", "have gone over to", "are now found on", "fled to", "settled at", "jumped to"],
    "olddead": ["{old} is dead", "{old} is gone", "{old} won't come back", "{old} got pulled", "they killed {old}",
                "no more {old}", "rip {old}", "{old} lost its host", "{old} has been down for ages", "{old} is toast",
                "the plug was pulled on {old}", "{old} is finished", "goodbye {old}", "{old} times out everywhere"],
    "sep": [", ", ". ", " - ", "; ", "\n", "... ", ", so "],
    "newat": ["new address: ", "new place: ", "it's here now: ", "the new one is ", "replacement: ", "new home -> ",
              "current link: ", "working link ", "backup: ", "new bunker: ", "here: ", "temporary home ", "the url is "],
    "isnew": ["is the new {old}", "is where it's at now", "works", "is the replacement", "is our new home",
              "is what we use now", "is the one, trust me", "is where the {s} threads went", "has the old boards back",
              "is live", "is up and running", "is the real one"],
    "tail": ["", "", "", "", "", ".", "!", " btw", " see you there", ", bring tea", " spread the word", ", tell the others",
             ". the {s} thread is up already", " (no account needed)", " :)", ", it's a bit slow", ". same boards as before",
             ". save it", ", pass it on", " before this gets pruned", ". no drama please", ", {who} is there too"],
    "seek": ["anyone looking for {old}", "if you miss {old}", "if you came from {old}", "to the {old} refugees",
             "whoever wonders where the {old} people are", "lost since {old} died?"],
    "try": ["try", "go to", "have a look at", "check", "head to", "come to", "you want", "use"],
    "see": ["see you on", "meet at", "find us on", "we meet at", "come over to", "catch you at", "next stop"],
    "because": ["the host gave notice", "the registrar was a coward", "nobody can load {old} any more",
                "the old domain is suspended", "the lights went out on {old}", "we were thrown out again"],
    "people": ["people", "the regulars", "lots of folks", "familiar names", "everyone", "users", "a few dozen"],
    "arrive": ["are trickling in", "are posting already", "showed up overnight", "keep coming", "are making threads"],
    "rules": ["rules are the same", "be nice to the new admin", "no rules yet", "read the sticky first"],
    "who": ["the old janitor", "the tea guy", "{person}", "the one with the hat", "our favourite mod"],
    "official": [
        "{old} {returns} {x}{otail}", "Our new address is {x}{otail}", "{because2} {we2} continue at {x}{otail}",
        "Update: {x} {live}{otail}", "{x}", "We are back: {x}{otail}", "Please use {x} from now on{otail}",
        "Due to the situation with our provider {old} {returns} {x}{otail}", "The board is available at {x}{otail}",
        "Status: {x} {live}. The former domain {lost}{otail}", "Bookmark this: {x}{otail}",
    ],
    "disown": ["{x} is not ours.", "We have nothing to do with {x}.", "To be clear: {x} is run by others.", "{x} uses our name without asking."],
    "warn": ["Warning: {x} is a fake.", "Do not enter anything on {x}, it is a copy.", "{x} steals passwords. We are not there."],
    "service": ["Pictures are served from {x} now.", "We use {x} for files now.", "Check {x} when something does not load."],
    "returns": ["returns at", "is back on", "now lives at", "can be reached at", "continues under", "has moved to"],
    "because2": ["We lost our domain.", "The registrar suspended us.", "Hosting was terminated last night.",
                 "After some trouble with the provider", "As expected, we were dropped.", "Thanks for waiting."],
    "we2": ["we", "the site will", "everything will", "the boards"],
    "live": ["is live", "is up", "should resolve soon", "is online for everybody", "is now serving all boards"],
    "lost": ["is lost", "is no longer ours", "will not return", "may come back or not"],
    "otail": ["", "", ".", ". Thank you for your patience.", ". DNS may take a day.", ". Old posts were kept.",
              ". Posting is open.", ". Tripcodes work as before.", ". Report bugs on /meta/.", ". Do not trust copies."],
    "soon": ["New domain is bought: {x}. Not online yet.", "We will open at {x} within days.", "{x} soon. Wait for it.",
             "coming to {x} once the dns is done", "the admin says it will be {x}, nothing there yet",
             "reserve address is {x} in case this goes down"],
    "filename": ["see file name", "look at the name of the picture", "pic related", "address in the file", "^", "read the file"],
    "ask": ["is {old} down for you too?", "{old} not loading, anyone know more?", "what happened to {old}?", "{old} down again?",
            "cant reach {old} since this morning", "where did the {old} people go?", "any news about {old}?", "is it just me or is {old} dead",
            "does anybody have a working link for {old}", "502 on {old} all day", "when will {old} be back", "{old} gives me a blank page"],
    "reply": ["thanks, made it", "works for me", "doesn't load here", "is this real?", "can confirm, I'm posting there", "slow but it works",
              "registered, feels empty so far", "finally, thank you", "the {s} thread is there already", "it loads with another browser",
              "just came from there, it's them", "same admin, same nonsense, home at last", "good to see you all again", "got in"],
    "doubt": ["smells like a honeypot", "wait until {person} says something", "why should I trust a random link", "who runs this?",
              "fake, the real one asks for nothing", "I'd rather wait for the old one", "that's the third new place this week", "not clicking that",
              "already full of spam, no thanks", "don't. it's a copy by somebody", "source?"],
    "back": ["{old} is back by the way", "works again here", "false alarm, {old} loads", "they only changed the disks", "told you it would be back"],
    "rival": ["you could also use {x} like in the old days", "{x} still exists btw", "good day for {x} I guess", "{x} laughing right now",
              "never thought I'd go back to {x}", "honestly {x} was always better", "I'll wait it out on {x}"],
    "joke": ["we all move to {x} lol", "new home: {x} (not really)", "everyone to {x} now, quickly", "{x} is the new {old}, I'm told the grass is green",
             "mandatory evacuation to {x}", "{old} is now {x}, bring your own hay", "official successor {x}, source: my uncle"],
    "news": ["article about {old}: {x}", "{x} they wrote about {old} again", "the press on where {old} users go {x}", "{x} lol read this",
             "long read on the shutdown {x}", "so {x} says {old} is over", "we are in the news {x}", "{old} users are moving elsewhere according to {x}"],
    "promo": ["{x} - first order half price", "make 300 a day from home, {x}", "best odds at {x}", "meet nice people near you {x}", "{x} cheap tickets today only"],
    "link": ["{x}", "look at this {x}", "found this: {x}", "{x} worth a read", "source {x}", "relevant {x}", "the one I mean is {x}", "there's a good {n} guide at {x}",
             "bought my {n} at {x}", "{x} has it", "saw a {n} on {x}", "I use {x} for that", "posted pictures on {x}", "{x} explains the {n} thing", "try {x} for {n} parts"],
    "benign": ["my blog moved to {x}", "our {n} club has a new site: {x}", "the shop is now at {x}", "the wiki went to {x}, update your bookmarks",
               "I put up a small board about {n}: {x}", "we opened a {n} forum, {x}, everyone welcome", "new mirror of the {n} archive: {x}"],
    "small": [
        "I moved to a new flat and the {n} came along", "my old {n} is dead, looking for a replacement", "see you on saturday at the market", "the {n} shop has a new address now", "everyone is at the lake today", "we ended up at my {rel}'s place with a {n}", "half my street relocated because of the {n}", "they closed the {n} museum for good", "the new {n} is live on the radio at nine", "where did everybody go? must be the {n}", "pass it on: {n} sale at the harbour", "my phone is down again, blame the {n}", "come over if you have a spare {n}", "the old {n} forum was slow too",
        "{opin} {n} {judge}{stail}", "{q}", "I {did} my {n} {when}{stail}", "{never} {did2} a {n} {like}{stail}", "{resp}",
        "{resp} {opin} {n} {judge}", "{when2} I saw a {n} {place}{stail}", "{s} as always{stail}", "that {n} is pure {s}",
        "{opin} the {adj} {n} beats the {adj} one{stail}", "{resp} but the {n} was {adj}", "how do you {verb} a {adj} {n}?",
        "{person} posted a {adj} {n} {when}", "no {n} no thread", "my {rel} {did} the {n} and now it is {adj}{stail}",
        "{q} asking because mine is {adj}", "in my town nobody can {verb} a {n}", "{opin} people who {verb} their {n} are {s}",
    ],
    "opin": ["honestly", "I think", "in my view", "say what you like,", "imo", "to be fair", "apparently", "", "", "as far as I know", "unpopular opinion:"],
    "judge": ["is overrated", "was better before", "costs too much", "is fine", "never gets old", "makes no sense", "should be taught in school",
              "needs more oil", "is the best part", "is harder than it looks", "ruins the evening", "deserves a sticky"],
    "stail": ["", "", "", ".", "!", " lol", ", sadly", " I guess", " and that's that", ", change my mind", " :D", "..", " tbh", ", not sure why", " again"],
    "q": ["what {n} would you get for a beginner?", "does anyone still {verb} a {n}?", "why is every {n} so {adj} now?", "where do I find a {adj} {n}?",
          "is a {adj} {n} worth it?", "how much for a {n} these days?", "who here has tried the {n} yet?", "best {n} and why?"],
    "did": ["cleaned", "sold", "repaired", "lost", "painted", "finally finished", "broke", "traded", "measured", "rebuilt"],
    "did2": ["seen", "owned", "tried", "understood", "wanted"],
    "never": ["never", "I have never", "nobody has ever", "my dad had never"],
    "like": ["like this", "before", "that worked", "this bad", "outside a museum", "so calm"],
    "when": ["yesterday", "last week", "in march", "this morning", "twice", "while drunk", "on the train", "at work", "over the weekend", "ages ago"],
    "when2": ["yesterday", "once", "last summer", "on monday", "years ago"],
    "place": ["at the market", "in the attic", "near the station", "on a boat", "in an old film", "at my aunt's"],
    "adj": ["cheap", "green", "loud", "broken", "heavy", "old", "tiny", "crooked", "shiny", "foreign", "cold", "expensive", "wet", "plain"],
    "verb": ["fix", "store", "clean", "paint", "carry", "balance", "order", "name", "mend", "judge"],
    "rel": ["neighbour", "uncle", "boss", "sister", "flatmate", "cousin"],
    "resp": ["this", "agreed", "no", "wrong", "good post", "bump", "based on what?", "read the rules", "you again", "fair enough", "lurk more",
             "nice", "checked", "kek", "I laughed", "same here", "source on that?", "old news", "go outside", "please stop"],
    "n": ["kettle", "teapot", "engine", "signal box", "antenna", "map", "lantern", "bicycle", "radio", "chess set", "notebook", "pie", "anvil",
          "fence", "compass", "fiddle", "telescope", "canoe", "typewriter", "stove", "greenhouse", "puzzle", "coin", "boot", "magazine", "election",
          "tax form", "episode", "soundtrack", "keyboard", "mushroom", "bridge", "timetable", "recipe", "ladder", "parrot", "novel"],
    "bio": ["Official account of {old}. {x}", "{old} | {x}", "News about {old}, now at {x}", "We run {old}. Current address {x}"],
    "oldbio": ["Official account of {old}.", "{old} announcements", "News about {old}, run by its staff"],
    "notice": ["Maintenance tonight.", "New flags were added.", "Please report spam.", "The server was upgraded.", "Donations are welcome, see the front page.",
               "Search works again.", "A board for {n} was opened.", "Uptime this month was fine.", "Two janitors left, thank you for your work."],
    "farewell": ["Thank you for all the years. {old} closes today.", "{old} is closed. Goodbye.", "This is the end of {old}. We are not coming back here."],
    "farewellto": ["{old} has closed here. Find us at {x}", "We had to leave. Continue at {x}", "{old} moved: {x}"],
    "article": ["{old}, a small internet board, went offline {when}.", "Its users {wentn} several places, researchers say.", "The operator did not answer our questions.",
                "A provider confirmed that it had ended the contract.", "Similar sites have moved many times before.", "Some users named {x} as the next stop.",
                "Experts on online groups expect the site to return.", "The move follows weeks of complaints.", "Others doubt that the community will hold together."],
    "wentn": ["are scattered over", "were seen in", "have been looking for", "announced"],
}  # fmt: skip

ENGLISH2: Table = ENGLISH | {
    "move": [
        "{lead}{crowd} {chose} {x}{tail}", "{x}{sep}{gather}{tail}", "{gather} at {x}{tail}", "doors are open: {x}{tail}",
        "{lost2}{sep}{chose2} {x}{tail}", "{lead}kettle is on at {x}{tail}", "same faces, other walls: {x}{tail}",
        "type {x} into your address bar{tail}", "{x} took us in{tail}", "plan b is {x}{tail}", "the tents stand at {x}{tail}",
        "{crowd} carried the {s} threads over to {x}{tail}", "follow the breadcrumbs: {x}",
    ],
    "lead": ["", "", "", "quick note: ", "word is ", "from the grapevine: ", "oi ", "dear all, ", "posting this once. "],
    "crowd": ["our circle", "the night shift", "the old table", "whoever was left", "the {s} lot", "the survivors", "forty of us"],
    "chose": ["pitched up at", "took rooms at", "picked", "washed ashore at", "are hiding out at", "carry on at", "voted for"],
    "chose2": ["carry on at", "roll call at", "warm seats at", "the party continues at", "pick up the thread at"],
    "gather": ["roll call", "assembly point", "campfire is lit", "reunion", "everyone in", "second try"],
    "lost2": ["{old} has sunk", "they switched {old} off", "curtains for {old}", "the landlord evicted {old}", "{old} 404s for good"],
    "tail": ["", "", ".", "!", ", mind the step", " and wipe your feet", ". knock twice", ", {who} holds the door", " xx", ", hurry"],
    "official": ["Notice from the team of {old}: {x}", "{old} resumes service under {x}.", "As of today you will find us under {x}.",
                 "Change of address: {x}. Kindly update your links.", "The lights are on again at {x}", "Service restored via {x}."],
    "ask": ["anyone else locked out of {old}?", "{old} kaput?", "did {old} go under?", "no answer from {old} since noon", "who turned off {old}", "blank screen at {old}"],
    "reply": ["in", "through the door", "loads on my phone", "cheers", "reads like them, fine", "all my saved threads are there", "took three tries"],
    "doubt": ["trap", "ask for a signature", "nobody vouched for this", "pass", "I smell fish"],
    "joke": ["relocate to {x} at once, horses provided", "the council has decided: {x}", "new headquarters {x}, dress warm"],
    "small": ["new keys, same {n}: I live on the hill now", "the {n} club carries on without its landlord", "they switched off the {n} at midnight", "the party continues at my {rel}'s", "curtains for my old {n}", "assembly point was the pub as usual", "{opin} a {n} {judge}{stail}", "{resp}", "{q}", "the {adj} {n} again{stail}", "{resp}, {resp}", "traded a {n} for a {n} {when}{stail}",
              "give me one {adj} {n} and I am happy{stail}", "{s} and {n}, name a better pair", "my {rel} keeps a {n} {place}", "today: {n}. tomorrow: {n}."],
    "n": ["thermos", "hammock", "tram", "barometer", "lathe", "quilt", "accordion", "sundial", "beehive", "kayak", "theremin", "scarf", "stapler", "pond",
          "ferry", "archive", "cheese", "weathervane", "marble", "loom"],
}  # fmt: skip

OTHERS: dict[str, Table] = {
    "de": {
        "benign": ["unser verein hat eine neue seite: {x}", "mein blog ist umgezogen nach {x}", "der laden ist jetzt unter {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "wer {old} sucht: {x}{t}", "wir sehen uns auf {x}{t}", "{l}{x}", "kommt alle zu {x}{t}",
                 "{o}, also weiter auf {x}{t}"],
        "l": ["", "", "", "so leute, ", "also ", "zur info: ", "hallo, ", "für alle die fragen: "], "w": ["wir", "alle", "die meisten", "die alten hasen", "die ganze runde"],
        "g": ["sind jetzt auf", "sind umgezogen nach", "treffen uns auf", "schreiben jetzt auf", "sind gelandet bei", "machen weiter unter"],
        "o": ["{old} ist tot", "{old} ist weg", "{old} geht nicht mehr", "{old} wurde abgeschaltet", "das war es mit {old}"], "sep": [", ", ". ", " - ", "\n"],
        "nn": ["neue adresse: ", "neues zuhause: ", "ausweichseite ", "hier gehts weiter: ", "neuer link "], "ist": ["ist der nachfolger", "läuft", "ist unser neues zuhause", "ist das neue {old}"],
        "t": ["", "", "", ".", "!", " bis gleich", ", weitersagen", ". gleiche bretter wie vorher", " (ohne anmeldung)", ", bringt kuchen mit"],
        "official": ["{old} ist ab sofort unter {x} erreichbar.", "Unsere neue Adresse lautet {x}", "Wir sind zurück: {x}", "Wegen Ärger mit dem Anbieter geht es unter {x} weiter."],
        "ask": ["geht {old} bei euch auch nicht?", "was ist mit {old} los?", "{old} schon wieder offline?", "hat wer einen link für {old}?"],
        "reply": ["danke, bin drin", "läuft bei mir", "lädt nicht", "ist das echt?", "kann ich bestätigen", "endlich"], "doubt": ["klingt nach falle", "wer steckt dahinter?", "ich warte lieber", "quelle?"],
        "news": ["artikel über {old}: {x}", "die zeitung schreibt wohin die leute von {old} gehen {x}"], "joke": ["wir ziehen alle zu {x} haha", "neues hauptquartier {x}, pferde willkommen"],
        "link": ["{x}", "schaut mal {x}", "quelle {x}", "{n} gibts bei {x}", "gute seite über {n}: {x}"],
        "small": ["bin letzte woche umgezogen, neue wohnung, alter {n}", "mein alter {n} ist tot, brauche ersatz", "wir sehen uns am samstag am see", "der laden hat eine neue adresse, leider", "alle reden über {n}, keiner hat eins", "das forum vom {n}verein ist auch eingeschlafen", "weiß jemand wo die anleitung für {n} hin ist?", "{n} ist auch nicht mehr das was es war{t2}", "hat jemand {n} günstig gesehen?", "mein {n} ist kaputt{t2}", "gestern {n} repariert{t2}", "das sehe ich anders", "guter beitrag", "warum immer {n}?",
                  "ohne {n} geht nichts{t2}", "früher gab es noch {n}{t2}", "kann man so sagen", "{s} wie immer"],
        "t2": ["", "", ".", "!", " leider", " oder?", " naja"], "n": ["fahrrad", "tee", "ofen", "lampe", "brettspiel", "zug", "karte", "zaun", "brot", "fernglas", "kahn", "radio"],
    },
    "fr": {
        "benign": ["notre club a un nouveau site : {x}", "mon blog a déménagé sur {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "pour ceux qui cherchent {old} : {x}{t}", "on se retrouve sur {x}{t}", "{l}{x}", "venez sur {x}{t}"],
        "l": ["", "", "", "bon, ", "info : ", "salut, ", "pour ceux qui demandent, "], "w": ["on", "tout le monde", "la bande", "presque tous"],
        "g": ["est passé sur", "a déménagé sur", "est maintenant sur", "continue sur", "s'est installé sur"], "o": ["{old} est mort", "{old} a fermé", "plus de {old}", "{old} ne répond plus", "adieu {old}"],
        "sep": [", ", ". ", " - ", "\n"], "nn": ["nouvelle adresse : ", "nouveau lien ", "le refuge : ", "ça continue ici : "], "ist": ["est le nouveau {old}", "marche", "a repris", "c'est chez nous maintenant"],
        "t": ["", "", "", ".", " !", " à tout de suite", ", faites passer", ". mêmes sections", " (sans compte)"],
        "official": ["{old} est désormais disponible sur {x}.", "Notre nouvelle adresse : {x}", "Nous sommes de retour : {x}", "Suite aux ennuis avec l'hébergeur, rendez-vous sur {x}"],
        "ask": ["{old} marche chez vous ?", "que se passe-t-il avec {old} ?", "{old} encore en panne ?", "quelqu'un a un lien pour {old} ?"],
        "reply": ["merci, j'y suis", "ça marche ici", "ne charge pas", "c'est vrai ?", "je confirme", "enfin"], "doubt": ["ça sent le piège", "qui gère ça ?", "je préfère attendre", "source ?"],
        "news": ["un article sur {old} : {x}", "la presse parle de {old} {x}"], "joke": ["on part tous sur {x} mdr", "nouveau quartier général {x}, apportez du foin"],
        "link": ["{x}", "regardez {x}", "source {x}", "j'ai trouvé {n} sur {x}"],
        "small": ["j'ai déménagé la semaine dernière, {n} a survécu", "{n} est mort, il m'en faut un autre", "on se retrouve samedi au marché", "la boutique a changé d'adresse", "tout le monde parle de {n}", "quelqu'un sait où est passé le mode d'emploi ?", "le club est fermé en août", "{n}, c'était mieux avant{t2}", "quelqu'un a essayé {n} ?", "j'ai cassé {n} hier{t2}", "d'accord", "pas du tout", "bonne question", "encore {n}{t2}", "{s} comme toujours", "sans {n} rien ne va{t2}"],
        "t2": ["", "", ".", " !", " hélas", " lol"], "n": ["le vélo", "le thé", "la lampe", "la carte", "le train", "le pain", "la radio", "le four", "le jeu", "la barque"],
    },
    "es": {
        "benign": ["nuestro club tiene sitio nuevo: {x}", "mi blog se mudó a {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "los que buscan {old}: {x}{t}", "nos vemos en {x}{t}", "{l}{x}", "vengan a {x}{t}"],
        "l": ["", "", "", "bueno, ", "aviso: ", "hola, ", "para los que preguntan: "], "w": ["todos", "casi todos", "los de siempre", "la gente"],
        "g": ["se pasaron a", "están en", "se mudaron a", "siguen en", "andan por"], "o": ["{old} murió", "{old} cerró", "ya no hay {old}", "tumbaron {old}", "adiós {old}"], "sep": [", ", ". ", " - ", "\n"],
        "nn": ["nueva dirección: ", "nuevo sitio: ", "el refugio: ", "seguimos aquí: "], "ist": ["es el nuevo {old}", "funciona", "es nuestra casa ahora", "ya está en pie"],
        "t": ["", "", "", ".", "!", " los espero", ", pasen la voz", ". mismas secciones", " (sin registro)"],
        "official": ["{old} vuelve en {x}.", "Nuestra nueva dirección es {x}", "Estamos de vuelta: {x}", "Por problemas con el proveedor seguimos en {x}"],
        "ask": ["¿les carga {old}?", "¿qué pasó con {old}?", "¿otra vez caído {old}?", "¿alguien tiene enlace de {old}?"],
        "reply": ["gracias, ya entré", "me funciona", "no carga", "¿es real?", "confirmo", "por fin"], "doubt": ["huele a trampa", "¿quién lo maneja?", "mejor espero", "¿fuente?"],
        "news": ["nota sobre {old}: {x}", "la prensa habla de {old} {x}"], "joke": ["todos a {x} jaja", "nueva sede {x}, traigan heno"], "link": ["{x}", "miren {x}", "fuente {x}", "compré {n} en {x}"],
        "small": ["me mudé la semana pasada con {n} y todo", "{n} murió, busco reemplazo", "nos vemos el sábado en la plaza", "la tienda cambió de dirección", "todos hablan de {n}", "¿alguien sabe dónde quedó el manual?", "el club cierra en agosto", "{n} ya no es lo mismo{t2}", "¿alguien probó {n}?", "ayer arreglé {n}{t2}", "de acuerdo", "para nada", "buena pregunta", "otra vez {n}{t2}", "{s} como siempre", "sin {n} no hay nada{t2}"],
        "t2": ["", "", ".", "!", " jaja", " la verdad"], "n": ["la bici", "el té", "la lámpara", "el mapa", "el tren", "el pan", "la radio", "el horno", "el bote"],
    },
    "ru": {
        "benign": ["у нашего клуба новый сайт: {x}", "мой блог переехал на {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "кто ищет {old}: {x}{t}", "увидимся на {x}{t}", "{l}{x}", "идите на {x}{t}"],
        "l": ["", "", "", "короче, ", "ребята, ", "для тех кто спрашивает: ", "привет, "], "w": ["мы", "все", "почти все", "наши", "старики"],
        "g": ["переехали на", "теперь на", "сидим на", "ушли на", "собираемся на"], "o": ["{old} умер", "{old} закрыли", "{old} больше нет", "{old} лежит", "прощай {old}"], "sep": [", ", ". ", " - ", "\n"],
        "nn": ["новый адрес: ", "новое место: ", "запасной: ", "рабочая ссылка "], "ist": ["это новый {old}", "работает", "теперь наш дом", "уже поднят"],
        "t": ["", "", "", ".", "!", " жду всех", ", передайте другим", ". доски те же", " (без регистрации)"],
        "official": ["{old} теперь доступен по адресу {x}.", "Наш новый адрес {x}", "Мы вернулись: {x}", "Из-за хостера продолжаем на {x}"],
        "ask": ["{old} у вас открывается?", "что с {old}?", "{old} опять лежит?", "у кого есть ссылка на {old}?"],
        "reply": ["спасибо, зашёл", "у меня работает", "не грузит", "это правда?", "подтверждаю", "наконец"], "doubt": ["похоже на ловушку", "кто этим заведует?", "я подожду", "пруф?"],
        "news": ["статья про {old}: {x}", "пресса пишет про {old} {x}"], "joke": ["все переезжаем на {x} лол", "новый штаб {x}, берите сено"], "link": ["{x}", "гляньте {x}", "источник {x}", "брал {n} на {x}"],
        "small": ["переехал на прошлой неделе, {n} уцелел", "{n} умер, ищу замену", "увидимся в субботу на рынке", "магазин сменил адрес", "все говорят про {n}", "куда делась инструкция?", "клуб летом закрыт", "{n} уже не то{t2}", "кто пробовал {n}?", "вчера починил {n}{t2}", "согласен", "нет", "хороший вопрос", "опять {n}{t2}", "{s} как всегда", "без {n} никак{t2}"],
        "t2": ["", "", ".", "!", " увы", " кек"], "n": ["чайник", "лампа", "карта", "поезд", "хлеб", "радио", "печь", "лодка", "велосипед"],
    },
    "pl": {
        "benign": ["nasz klub ma nową stronę: {x}", "mój blog przeniósł się na {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "kto szuka {old}: {x}{t}", "widzimy się na {x}{t}", "{l}{x}", "wpadajcie na {x}{t}"],
        "l": ["", "", "", "no więc ", "info: ", "cześć, "], "w": ["wszyscy", "prawie wszyscy", "cała ekipa", "stara gwardia"], "g": ["przenieśli się na", "są teraz na", "siedzą na", "piszą na"],
        "o": ["{old} padł", "{old} nie żyje", "zamknęli {old}", "żegnaj {old}"], "sep": [", ", ". ", " - ", "\n"], "nn": ["nowy adres: ", "nowe miejsce: ", "zapasowy: ", "działający link "],
        "ist": ["to nowy {old}", "działa", "to nasz nowy dom"], "t": ["", "", "", ".", "!", " do zobaczenia", ", podajcie dalej", ". te same działy"],
        "official": ["{old} działa teraz pod adresem {x}.", "Nasz nowy adres to {x}", "Wróciliśmy: {x}"], "ask": ["działa wam {old}?", "co z {old}?", "{old} znowu leży?"],
        "reply": ["dzięki, jestem", "u mnie działa", "nie ładuje", "to prawda?", "potwierdzam"], "doubt": ["wygląda na pułapkę", "kto to prowadzi?", "poczekam"], "news": ["artykuł o {old}: {x}"],
        "joke": ["wszyscy na {x} haha"], "link": ["{x}", "zobaczcie {x}", "źródło {x}"],
        "small": ["przeprowadziłem się w zeszłym tygodniu", "{n} padł, szukam nowego", "widzimy się w sobotę na targu", "sklep ma nowy adres", "wszyscy mówią o {n}", "{n} to już nie to samo{t2}", "ktoś próbował {n}?", "zgadzam się", "nie", "dobre pytanie", "znowu {n}{t2}", "{s} jak zawsze"], "t2": ["", "", ".", "!", " niestety"],
        "n": ["rower", "herbata", "lampa", "mapa", "pociąg", "chleb", "radio", "piec"],
    },
    "it": {
        "benign": ["il nostro club ha un sito nuovo: {x}", "il mio blog si è spostato su {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "per chi cerca {old}: {x}{t}", "ci vediamo su {x}{t}", "{l}{x}", "venite su {x}{t}"],
        "l": ["", "", "", "allora, ", "avviso: ", "ciao, "], "w": ["tutti", "quasi tutti", "il gruppo", "quelli di sempre"], "g": ["si sono spostati su", "sono su", "continuano su", "scrivono su"],
        "o": ["{old} è morto", "hanno chiuso {old}", "{old} non c'è più", "addio {old}"], "sep": [", ", ". ", " - ", "\n"], "nn": ["nuovo indirizzo: ", "nuova casa: ", "il rifugio: "],
        "ist": ["è il nuovo {old}", "funziona", "è casa nostra adesso"], "t": ["", "", "", ".", "!", " a dopo", ", passate parola", ". stesse sezioni"],
        "official": ["{old} ora si trova su {x}.", "Il nostro nuovo indirizzo è {x}", "Siamo tornati: {x}"], "ask": ["vi funziona {old}?", "che succede a {old}?", "{old} di nuovo giù?"],
        "reply": ["grazie, ci sono", "qui funziona", "non carica", "è vero?", "confermo"], "doubt": ["sa di trappola", "chi lo gestisce?", "io aspetto"], "news": ["articolo su {old}: {x}"],
        "joke": ["tutti su {x} ahah"], "link": ["{x}", "guardate {x}", "fonte {x}"],
        "small": ["mi sono trasferito la settimana scorsa", "{n} è morto, cerco un altro", "ci vediamo sabato al mercato", "il negozio ha cambiato indirizzo", "tutti parlano di {n}", "{n} non è più come prima{t2}", "qualcuno ha provato {n}?", "d'accordo", "ma no", "bella domanda", "ancora {n}{t2}", "{s} come sempre"], "t2": ["", "", ".", "!", " purtroppo"],
        "n": ["la bici", "il tè", "la lampada", "la mappa", "il treno", "il pane", "la radio", "il forno"],
    },
    "pt": {
        "benign": ["nosso clube tem site novo: {x}", "meu blog mudou para {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "quem procura {old}: {x}{t}", "a gente se vê em {x}{t}", "{l}{x}"],
        "l": ["", "", "", "então, ", "aviso: ", "oi, "], "w": ["todos", "quase todos", "a turma", "o pessoal"], "g": ["foram para", "estão em", "mudaram para", "continuam em"],
        "o": ["{old} morreu", "fecharam {old}", "{old} já era", "adeus {old}"], "sep": [", ", ". ", " - ", "\n"], "nn": ["novo endereço: ", "casa nova: ", "reserva: "], "ist": ["é o novo {old}", "funciona", "é nossa casa agora"],
        "t": ["", "", "", ".", "!", " até já", ", avisem os outros", ". mesmas seções"], "official": ["{old} agora está em {x}.", "Nosso novo endereço é {x}", "Voltamos: {x}"],
        "ask": ["{old} abre para vocês?", "o que houve com {old}?", "{old} caiu de novo?"], "reply": ["valeu, entrei", "aqui funciona", "não carrega", "é verdade?", "confirmo"],
        "doubt": ["parece armadilha", "quem cuida disso?", "vou esperar"], "news": ["matéria sobre {old}: {x}"], "joke": ["todo mundo para {x} kkk"], "link": ["{x}", "olhem {x}", "fonte {x}"],
        "small": ["mudei de casa semana passada", "{n} morreu, procuro outro", "a gente se vê sábado na feira", "a loja mudou de endereço", "todo mundo fala de {n}", "{n} já não é o mesmo{t2}", "alguém testou {n}?", "concordo", "nada disso", "boa pergunta", "de novo {n}{t2}", "{s} como sempre"], "t2": ["", "", ".", "!", " infelizmente"],
        "n": ["a bicicleta", "o chá", "a lâmpada", "o mapa", "o trem", "o pão", "o rádio", "o forno"],
    },
    "nl": {
        "benign": ["onze club heeft een nieuwe site: {x}", "mijn blog is verhuisd naar {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "wie {old} zoekt: {x}{t}", "tot op {x}{t}", "{l}{x}"], "l": ["", "", "", "nou, ", "ter info: ", "hoi, "],
        "w": ["we", "iedereen", "bijna iedereen", "de oude garde"], "g": ["zitten nu op", "zijn verhuisd naar", "gaan verder op", "posten op"], "o": ["{old} is dood", "{old} is weg", "{old} doet het niet meer", "dag {old}"],
        "sep": [", ", ". ", " - ", "\n"], "nn": ["nieuw adres: ", "nieuwe plek: ", "reserve: "], "ist": ["is de nieuwe {old}", "werkt", "is nu ons thuis"], "t": ["", "", "", ".", "!", " tot zo", ", zeg het voort"],
        "official": ["{old} is nu te vinden op {x}.", "Ons nieuwe adres is {x}", "We zijn terug: {x}"], "ask": ["doet {old} het bij jullie?", "wat is er met {old}?", "ligt {old} er weer uit?"],
        "reply": ["bedankt, ik ben er", "werkt hier", "laadt niet", "is dit echt?", "klopt"], "doubt": ["ruikt naar een val", "van wie is dit?", "ik wacht wel"], "news": ["artikel over {old}: {x}"],
        "joke": ["allemaal naar {x} haha"], "link": ["{x}", "kijk {x}", "bron {x}"],
        "small": ["ben vorige week verhuisd", "{n} is dood, zoek een andere", "tot zaterdag op de markt", "de winkel heeft een nieuw adres", "iedereen praat over {n}", "{n} is ook niet meer wat het was{t2}", "heeft iemand {n} geprobeerd?", "eens", "nee", "goede vraag", "weer {n}{t2}", "{s} zoals altijd"], "t2": ["", "", ".", "!", " helaas"],
        "n": ["de fiets", "thee", "de lamp", "de kaart", "de trein", "brood", "de radio"],
    },
    "sv": {
        "benign": ["vår klubb har en ny sida: {x}", "min blogg har flyttat till {x}"],
        "move": ["{l}{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "ni som letar efter {old}: {x}{t}", "vi ses på {x}{t}", "{l}{x}"], "l": ["", "", "", "alltså ", "info: ", "hej, "],
        "w": ["vi", "alla", "nästan alla", "gamla gänget"], "g": ["är nu på", "har flyttat till", "fortsätter på", "skriver på"], "o": ["{old} är dött", "{old} är borta", "{old} stängdes", "hejdå {old}"],
        "sep": [", ", ". ", " - ", "\n"], "nn": ["ny adress: ", "nytt ställe: ", "reserv: "], "ist": ["är nya {old}", "funkar", "är vårt hem nu"], "t": ["", "", "", ".", "!", " vi ses", ", sprid det"],
        "official": ["{old} finns nu på {x}.", "Vår nya adress är {x}", "Vi är tillbaka: {x}"], "ask": ["funkar {old} för er?", "vad hände med {old}?", "ligger {old} nere igen?"],
        "reply": ["tack, inne", "funkar här", "laddar inte", "är det på riktigt?", "bekräftar"], "doubt": ["luktar fälla", "vem driver det?", "jag väntar"], "news": ["artikel om {old}: {x}"],
        "joke": ["alla till {x} haha"], "link": ["{x}", "kolla {x}", "källa {x}"],
        "small": ["flyttade förra veckan", "{n} dog, söker en ny", "vi ses på lördag på torget", "butiken har ny adress", "alla pratar om {n}", "{n} var bättre förr{t2}", "har någon testat {n}?", "håller med", "nej", "bra fråga", "{n} igen{t2}", "{s} som vanligt"], "t2": ["", "", ".", "!", " tyvärr"],
        "n": ["cykeln", "te", "lampan", "kartan", "tåget", "brödet", "radion"],
    },
    "ar": {
        "benign": ["نادينا له موقع جديد {x}"],
        "move": ["{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "لمن يبحث عن {old} {x}{t}", "نلتقي في {x}{t}", "{x}"], "w": ["الجميع", "كلنا", "معظمنا", "الأصدقاء"],
        "g": ["انتقلوا إلى", "الآن على", "يكتبون في", "ذهبوا إلى"], "o": ["{old} أغلق", "{old} لم يعد يعمل", "انتهى {old}"], "sep": ["، ", ". ", "\n"], "nn": ["العنوان الجديد: ", "المكان الجديد: ", "رابط بديل: "],
        "ist": ["هو {old} الجديد", "يعمل", "بيتنا الآن"], "t": ["", "", "", ".", "!", " أراكم هناك"], "official": ["{old} متاح الآن على {x}", "عنواننا الجديد {x}", "عدنا: {x}"],
        "ask": ["هل يعمل {old} عندكم؟", "ماذا حدث لموقع {old}؟"], "reply": ["شكرا دخلت", "يعمل عندي", "لا يفتح", "هل هذا حقيقي؟"], "doubt": ["يبدو فخا", "من يديره؟"], "news": ["مقال عن {old} {x}"],
        "joke": ["كلنا إلى {x} ههه"], "link": ["{x}", "انظروا {x}", "المصدر {x}"], "small": ["انتقلت إلى بيت جديد الأسبوع الماضي", "نلتقي يوم السبت في السوق", "المتجر غير عنوانه", "الجميع يتحدث عن {n}", "{n} لم يعد كما كان{t2}", "هل جرب أحد {n}؟", "أوافق", "لا", "سؤال جيد", "{s} كالعادة"], "t2": ["", "", ".", "!"],
        "n": ["الشاي", "الدراجة", "الخريطة", "القطار", "الخبز", "الراديو"],
    },
}  # fmt: skip

UNSEEN: dict[str, Table] = {
    "cs": {
        "benign": ["náš klub má nový web: {x}"],
        "move": ["{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "kdo hledá {old}: {x}{t}", "uvidíme se na {x}{t}", "{x}"], "w": ["všichni", "skoro všichni", "celá parta"],
        "g": ["jsou teď na", "se přestěhovali na", "píšou na"], "o": ["{old} je mrtvý", "{old} zavřeli", "sbohem {old}"], "sep": [", ", ". ", " - "], "nn": ["nová adresa: ", "nové místo: ", "záloha: "],
        "ist": ["je nový {old}", "funguje", "je náš nový domov"], "t": ["", "", ".", "!", " řekněte dál"], "official": ["{old} najdete nově na {x}.", "Naše nová adresa je {x}", "Jsme zpět: {x}"],
        "ask": ["jde vám {old}?", "co je s {old}?"], "reply": ["díky, jsem tam", "mně to jde", "nenačte se"], "doubt": ["smrdí to pastí", "kdo to vede?"], "news": ["článek o {old}: {x}"], "joke": ["všichni na {x} haha"],
        "link": ["{x}", "mrkněte {x}", "zdroj {x}"], "small": ["minulý týden jsem se přestěhoval", "{n} je mrtvý, sháním nový", "uvidíme se v sobotu na trhu", "obchod má novou adresu", "{n} už není co bývalo{t2}", "zkoušel někdo {n}?", "souhlas", "ne", "dobrá otázka", "{s} jako vždy"], "t2": ["", ".", "!"], "n": ["kolo", "čaj", "lampa", "mapa", "vlak"],
    },
    "fi": {
        "benign": ["kerhollamme on uusi sivu: {x}"],
        "move": ["{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "nähdään osoitteessa {x}{t}", "{x}"], "w": ["kaikki", "melkein kaikki", "vanha porukka"],
        "g": ["ovat nyt täällä:", "muuttivat osoitteeseen", "jatkavat paikassa"], "o": ["{old} on kuollut", "{old} suljettiin", "hyvästi {old}"], "sep": [", ", ". ", " - "], "nn": ["uusi osoite: ", "uusi paikka: ", "varapaikka: "],
        "ist": ["on uusi {old}", "toimii", "on nyt kotimme"], "t": ["", "", ".", "!", " kertokaa muille"], "official": ["{old} löytyy nyt osoitteesta {x}.", "Uusi osoitteemme on {x}", "Olemme takaisin: {x}"],
        "ask": ["toimiiko {old} teillä?", "mitä {old} sivulle kävi?"], "reply": ["kiitos, pääsin sisään", "toimii täällä", "ei lataudu"], "doubt": ["haiskahtaa ansalta", "kuka tätä pyörittää?"], "news": ["juttu sivusta {old}: {x}"],
        "joke": ["kaikki sivulle {x} haha"], "link": ["{x}", "katsokaa {x}", "lähde {x}"], "small": ["muutin viime viikolla", "nähdään lauantaina torilla", "kaupalla on uusi osoite", "kaikki puhuvat tästä: {n}", "{n} ei ole entisensä{t2}", "onko kukaan kokeillut? {n}", "samaa mieltä", "ei", "hyvä kysymys", "{s} kuten aina"], "t2": ["", ".", "!"],
        "n": ["pyörä", "tee", "lamppu", "kartta", "juna"],
    },
    "tr": {
        "benign": ["kulübümüzün yeni sitesi: {x}"],
        "move": ["{w} {x} {g}{t}", "{o}{sep}{w} {x} {g}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "{x} adresinde görüşürüz{t}", "{x}"], "w": ["herkes", "hepimiz", "eski ekip"], "g": ["adresine taşındı", "üzerinde yazıyor", "tarafına geçti"],
        "o": ["{old} öldü", "{old} kapandı", "elveda {old}"], "sep": [", ", ". ", " - "], "nn": ["yeni adres: ", "yeni yer: ", "yedek: "], "ist": ["yeni {old}", "çalışıyor", "artık evimiz"], "t": ["", "", ".", "!", " herkese söyleyin"],
        "official": ["{old} artık {x} adresinde.", "Yeni adresimiz {x}", "Geri döndük: {x}"], "ask": ["{old} sizde açılıyor mu?", "{old} ne oldu?"], "reply": ["sağ ol, girdim", "bende çalışıyor", "yüklenmiyor"],
        "doubt": ["tuzak gibi", "bunu kim yönetiyor?"], "news": ["{old} hakkında yazı: {x}"], "joke": ["hepimiz {x} adresine haha"], "link": ["{x}", "şuna bakın {x}", "kaynak {x}"],
        "small": ["geçen hafta taşındım", "{n} öldü, yenisini arıyorum", "cumartesi pazarda görüşürüz", "dükkânın adresi değişti", "{n} eskisi gibi değil{t2}", "{n} deneyen var mı?", "katılıyorum", "hayır", "güzel soru", "her zamanki gibi {s}"], "t2": ["", ".", "!"], "n": ["bisiklet", "çay", "lamba", "harita", "tren"],
    },
    "uk": {
        "benign": ["у нашого клубу новий сайт: {x}"],
        "move": ["{w} {g} {x}{t}", "{o}{sep}{w} {g} {x}{t}", "{nn}{x}{t}", "{x} {ist}{t}", "побачимось на {x}{t}", "{x}"], "w": ["усі", "майже всі", "наші"], "g": ["переїхали на", "тепер на", "пишуть на"],
        "o": ["{old} помер", "{old} закрили", "прощавай {old}"], "sep": [", ", ". ", " - "], "nn": ["нова адреса: ", "нове місце: ", "запасний: "], "ist": ["це новий {old}", "працює", "тепер наш дім"], "t": ["", "", ".", "!", " передайте іншим"],
        "official": ["{old} тепер доступний за адресою {x}.", "Наша нова адреса {x}", "Ми повернулися: {x}"], "ask": ["{old} у вас відкривається?", "що з {old}?"], "reply": ["дякую, зайшов", "у мене працює", "не вантажить"],
        "doubt": ["схоже на пастку", "хто цим керує?"], "news": ["стаття про {old}: {x}"], "joke": ["усі на {x} лол"], "link": ["{x}", "гляньте {x}", "джерело {x}"],
        "small": ["переїхав минулого тижня", "побачимось у суботу на ринку", "магазин змінив адресу", "усі говорять про {n}", "{n} вже не той{t2}", "хтось пробував {n}?", "згоден", "ні", "гарне питання", "{s} як завжди"], "t2": ["", ".", "!"], "n": ["чайник", "лампа", "мапа", "потяг", "хліб"],
    },
}  # fmt: skip


class Speech:
    """Everything that is said in one world, by its own dice."""

    def __init__(self, rng: Random, *, unseen: bool = False) -> None:
        """`unseen`: with phrases, languages and disguises that worlds of the usual kind never use."""
        self.rng = rng
        english = ENGLISH2 if unseen else ENGLISH
        self.tables: dict[str, Table] = {"en": english, **(UNSEEN if unseen else OTHERS)}
        self.disguises = OTHER_DISGUISES if unseen else DISGUISES

    def say(self, kind: str, language: str = "en", **given: str) -> str:
        """One sentence or a few of a kind, English where a language has none of it."""
        table = self.tables[language]
        if kind not in table:
            table = self.tables["en"]
        return self._fill(pick(self.rng, table[kind]), table, given)

    def _fill(self, template: str, table: Table, given: dict[str, str]) -> str:
        literals, slots = _taken_apart(template)
        if not slots:
            return template
        made = [literals[0]]
        for slot, literal in zip(slots, literals[1:], strict=True):
            value = given.get(slot)
            made += (self._fill(pick(self.rng, table[slot]), table, given) if value is None else value, literal)
        return "".join(made)

    def everyday(self, language: str, slang: str, person: str) -> str:
        """A post about nothing, of one sentence to several, as its writer types."""
        rng = self.rng
        roll = rng.random()
        count = 1 if roll < 0.5 else 2 if roll < 0.78 else 3 if roll < 0.92 else rng.randint(4, 9)
        said = [self.say("small", language, s=slang, person=person).strip() for _ in range(count)]
        return self.typed(("\n" if rng.random() < 0.3 else " ").join(said))

    def typed(self, text: str) -> str:
        """The same with the habits of somebody who types: capitals, slips, dropped commas. Addresses stay."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.25:
            text = text[:1].upper() + text[1:]
        elif roll < 0.28 and "/" not in text and "." not in text:
            text = text.upper()
        if rng.random() < 0.12:
            words = text.split(" ")
            at = rng.randrange(len(words))
            if words[at].isalpha() and len(words[at]) > 3:
                cut = rng.randrange(1, len(words[at]) - 1)
                words[at] = words[at][:cut] + words[at][cut + 1] + words[at][cut] + words[at][cut + 2 :]
            text = " ".join(words)
        return text

    def written(self, host: str, path: str = "") -> str:
        """An address as people write one openly: with a scheme or without."""
        roll = self.rng.random()
        if roll < 0.5:
            scheme = "https" if self.rng.random() < 0.6 and not host.endswith(".onion") else "http"
            return f"{scheme}://{host}{path or pick(self.rng, ('/', '', '/'))}"
        return f"{host}{path}" if roll < 0.93 else f"www.{host}{path}"

    def disguised(self, host: str) -> str:
        """An address as people write one to slip past filters."""
        return disguise(self.rng, host, pick(self.rng, self.disguises))


@lru_cache(maxsize=8192)
def _taken_apart(template: str) -> tuple[list[str], list[str]]:
    parts = SLOT.split(template)
    return parts[::2], parts[1::2]


DISGUISES = (
    "dot", "(dot)", "[.]", "[dot]", "hxxp", "hxxps", "spaced", "spaces", "comma", "zero-width", "wide", "base64", "backwards",
    "split", "stars", "remove", "lines", "(.)", "hxxp[.]",
)  # fmt: skip
OTHER_DISGUISES = (
    "-dot-",
    "{.}",
    "punto",
    "hyphens",
    "circled",
    "middle dot",
    "two words",
    "ending",
    "leet dot",
    "percent",
)


def disguise(rng: Random, host: str, way: str) -> str:
    """A host written in one of the ways that a reader undoes at a glance."""
    name, ending = host.rsplit(".", 1)
    half = max(2, len(name) // 2)
    if way in MARKS:
        return f"{name}{pick(rng, ('', ' '))}{way}{pick(rng, ('', ' '))}{ending}"
    if way in CODES:
        return CODES[way](host)
    return WRITTEN[way].format(name=name, spelled="-".join(name), ending=ending, head=name[:half], rest=name[half:])


MARKS = frozenset({"(dot)", "[.]", "[dot]", "(.)", "{.}"})
CODES: dict[str, Callable[[str], str]] = {
    "spaced": " ".join,
    "wide": lambda host: "".join(chr(ord(c) + 0xFEE0) for c in host),
    "base64": lambda host: base64.b64encode(f"https://{host}/".encode()).decode(),
    "backwards": lambda host: f"https://{host}"[::-1],
    "circled": lambda host: "".join(chr(0x24D0 + ord(c) - 97) if "a" <= c <= "z" else c for c in host),
    "percent": lambda host: "https://" + "".join(f"%{ord(c):02x}" if c in "aeiou" else c for c in host) + "/",
}
WRITTEN = {
    "dot": "{name} dot {ending}", "hxxp": "hxxp://{name}.{ending}/", "hxxps": "hxxps://{name}.{ending}/",
    "hxxp[.]": "hxxps://{name}[.]{ending}", "spaces": "{name} . {ending}",
    "comma": "{name},{ending} (with a dot instead of the comma)",
    "zero-width": "{head}\u200b{rest}.\u200b{ending}", "split": "{head} + {rest} + .{ending} (without the plus signs)",
    "stars": "{name}*{ending} (star = dot)", "remove": "{head}REMOVETHIS{rest}.{ending}", "lines": "{name}\n.\n{ending}",
    "hyphens": "{spelled} dot {ending}", "middle dot": "{name}·{ending}", "ending": "{name} and then the usual .{ending}",
    "two words": "first word {head}, second word {rest}, then dot {ending}, written together",
    "leet dot": "{name} d0t {ending}", "punto": "{name} punto {ending}", "-dot-": "{name}-dot-{ending}",
}  # fmt: skip
