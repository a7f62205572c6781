"""Clean posts: news, cooking, football and programming in every language of the lexicons, from sentences with gaps."""

from collections.abc import Iterator
from random import Random

SENTENCES = {
    "en": """
The council voted {n} to {m} for the new {x}, and work starts in spring. | bridge, library, tram line, school, market hall, car park
Police said the {x} on the ring road was closed until {t} after a lorry lost its load. | junction, tunnel, exit, slip road, bridge
Exports of {x} rose by {n} percent last year, the ministry reported. | wheat, steel, timber, cars, tea, wool
The president met the trade unions to talk about {x} and the pension age. | wages, migration, housing, energy prices, refugees, taxes
Muslim and Jewish groups opened a shared {x} in the old post office. | kitchen, exhibition, library, garden, café
A court fined the {x} {n} thousand for late papers. | railway, bank, airline, brewery, hospital
Chop {n} onions, fry them in butter and add the {x}. | carrots, mushrooms, lentils, black beans, white beans, leeks
Bake at {m}0 degrees for {n} minutes until the {x} is golden. | crust, pie, bread, gratin, pastry
Kill the heat, stir in the {x} and let it rest for {n} minutes. | cream, cheese, parsley, lemon juice, egg
My gran's {x} needs {n} grams of sugar and a pinch of salt. | apple cake, plum jam, white bread, rye bread, shortcrust
Burn off the alcohol, then pour the {x} over the roast. | sauce, gravy, stock, wine
United beat Rovers {n}:{m}, with two goals from the {x}. | striker, captain, left back, new signing, substitute
The referee gave a penalty in minute {n} and the {x} went mad. | home end, bench, away fans, stadium
Shoot earlier, mark the {x}, attack the ball: that is all we ask. | winger, striker, number 8, number 18, number 14
The {x} is dead since the derby moved to Monday nights. | atmosphere, season, title race, midfield
White wins at home, black shirts away: the new {x} kit is out. | Town, City, Albion, club
The build fails since version {n}.{m}, it cannot kill the {x} process. | child, worker, master, zombie, parent
Use a {x} instead of a loop; it runs in {n} ms here. | hash map, generator, queue, set, dictionary
I moved the repo, update your {x} or the push is rejected. | remote, mirror, key, branch, submodule
if (x == {n}) return f(g(h({m}))); // the {x} case | edge, base, trivial, default
The old server goes down at {t}; back up your {x} before. | files, mail, database, notes, photos""",
    "de": """
Der Stadtrat stimmte mit {n} zu {m} Stimmen für {x}. | die neue Brücke, das Hallenbad, den Radweg, die Umgehungsstraße
Die Polizei sperrte {x} bis {t} Uhr nach einem Unfall. | die Autobahn, den Tunnel, die Kreuzung, die Bundesstraße
Die Regierung will {n} Millionen für {x} ausgeben. | Schulen, Geflüchtete, die Bahn, Krankenhäuser, den Wohnungsbau
Moschee und Kirchengemeinde luden gemeinsam zum {x} ein. | Straßenfest, Frühstück, Konzert, Fastenbrechen
Der Prozess um {x} wird am Montag um {t} Uhr fortgesetzt. | die Bankpleite, den Diebstahl, die Baugenehmigung, das Gutachten
Deutschland und Österreich einigten sich über {x}. | den Bahnausbau, die Maut, das Gasnetz, den Grenzverkehr
{n} Eier trennen, das Eiweiß steif schlagen und {x} unterheben. | das Mehl, die Nüsse, den Zucker, die Schokolade
Den Braten {n} Minuten ruhen lassen, dazu passt {x}. | Rotkraut, Krautsalat, Kartoffelpüree, Spätzle, Blaukraut
Bei {m}0 Grad backen, bis {x} goldbraun ist. | der Kuchen, das Brot, der Auflauf, die Kruste
Unser Johanniskraut und {x} wachsen hinten im Garten. | der Schnittlauch, das Heidekraut, die Petersilie, der Dill
Der FC gewann {n}:{m}, das Tor fiel durch {x}. | einen Kopfball, den Kapitän, einen Elfmeter, den Einwechselspieler
Der Schiedsrichter pfiff in der {n}. Minute, {x} tobte. | die Kurve, das Stadion, die Bank, der Gästeblock
Die Abwehr stand tief, der Angriff über {x} brachte nichts. | links, rechts, die Mitte, außen
Seit Version {n}.{m} stürzt {x} beim Start ab. | der Server, das Programm, die App, der Dienst
Der Prozess lässt sich nicht beenden, {x} läuft voll. | der Speicher, die Platte, das Protokoll, die Warteschlange
Wir ziehen mit {x} um, die alte Adresse geht bis {t} Uhr. | dem Büro, dem Server, der Werkstatt, dem Verein
Die Eurasische Elster und {x} saßen {n} Minuten durchnässt im Baum. | der Star, die Amsel, ein Spatz""",
    "fr": """
Le conseil municipal a voté {n} contre {m} pour {x}. | le nouveau pont, la bibliothèque, la piste cyclable, le gymnase
La police a fermé {x} jusqu'à {t} après un accident. | le tunnel, la rocade, le carrefour, la route nationale
Le gouvernement promet {n} millions pour {x}. | les écoles, les hôpitaux, le logement, l'accueil des réfugiés
La mosquée et la paroisse organisent ensemble {x}. | un repas, une collecte, un concert, une visite
Le procès de {x} reprend lundi à {t}. | la banque, l'entreprise, l'ancien maire, la compagnie aérienne
Faites revenir {n} oignons dans le beurre et ajoutez {x}. | les carottes, les lardons, la crème, le vin blanc, les lentilles
Laissez cuire {n} minutes, puis parsemez de {x}. | persil, fromage râpé, ciboulette, sucre glace
La tarte de ma grand-mère demande {n} œufs et {x}. | de la cannelle, un pain blanc, un peu de rhum, des poires
Le pain de campagne sort du four, {x} est bien dorée. | la croûte, la brioche, la galette
Le club a gagné {n} à {m} grâce à {x}. | un penalty, une tête, son gardien, son capitaine
L'arbitre a sifflé à la {n}e minute et {x} a grondé. | le stade, la tribune, le banc, le virage
Un but étincelant de {x} a tout changé. | l'ailier, la recrue, l'attaquant, la remplaçante
Depuis la version {n}.{m}, {x} plante au démarrage. | le serveur, l'application, le script, le pilote
Il faut tuer le processus et relancer {x}. | le service, la base, la compilation, le navigateur
On déménage le serveur à {t}, sauvegardez {x}. | vos fichiers, la base, vos photos, le dépôt
La reconnexion échoue, {x} reste muette. | la console, la machine, la sonde""",
    "es": """
El ayuntamiento aprobó por {n} votos a {m} {x}. | el nuevo puente, la biblioteca, el carril bici, el mercado
La policía cortó {x} hasta las {t} por un accidente. | el túnel, la autovía, el cruce, la avenida
El gobierno destinará {n} millones a {x}. | las escuelas, los hospitales, la vivienda, la acogida de migrantes
La mezquita y la parroquia preparan juntas {x}. | una comida, una colecta, un concierto, una visita
El juicio por {x} sigue el lunes a las {t}. | la quiebra, el robo, la licencia, el contrato
Pica {n} cebollas, sofríelas y añade {x}. | las zanahorias, los frijoles negros, el vino blanco, el arroz, las lentejas
Hornea {n} minutos hasta que {x} esté dorada. | la masa, la tarta, la corteza, la empanada
Las aceitunas negras y {x} van al final. | el perejil, el limón, las alubias blancas, el queso
El equipo ganó {n} a {m} con un gol de {x}. | cabeza, penalti, falta, el capitán
El árbitro pitó en el minuto {n} y {x} protestó. | la grada, el banquillo, el estadio, el capitán
El defensa central mata el balón y {x} remata. | el delantero, el extremo, la suplente
Desde la versión {n}.{m}, {x} se cae al arrancar. | el servidor, la aplicación, el servicio, el programa
Hay que matar el proceso y reiniciar {x}. | la base de datos, la cola, el equipo, el navegador
Movemos el servidor a las {t}, haced copia de {x}. | los archivos, las fotos, la base, las notas
La reconexión falla y nadie denigra {x}. | el código, el equipo, la idea""",
    "it": """
Il consiglio comunale ha approvato con {n} voti a {m} {x}. | il nuovo ponte, la biblioteca, la pista ciclabile, la piscina
La polizia ha chiuso {x} fino alle {t} per un incidente. | il tunnel, la tangenziale, l'incrocio, lo svincolo
Il governo stanzia {n} milioni per {x}. | le scuole, gli ospedali, la casa, l'accoglienza dei migranti
La moschea e la parrocchia organizzano insieme {x}. | una cena, una raccolta, un concerto, una visita
Il processo per {x} riprende lunedì alle {t}. | il fallimento, il furto, l'appalto, la licenza
Trita {n} cipolle, falle rosolare e aggiungi {x}. | le carote, il vino bianco, i fagioli neri, il riso, le lenticchie
Cuoci per {n} minuti, finché {x} è dorata. | la crosta, la torta, la pasta, la focaccia
La ricetta della nonna vuole {n} uova e {x}. | il pane bianco, la cannella, il limone, le mandorle
La squadra ha vinto {n} a {m} con un gol di {x}. | testa, rigore, punizione, tacco
L'arbitro ha fischiato al minuto {n} e {x} ha protestato. | la curva, la panchina, lo stadio, il capitano
Che babbeo il portiere, ma {x} ci ha salvati. | il palo, la difesa, il terzino
Dalla versione {n}.{m} {x} si blocca all'avvio. | il server, il programma, il servizio, l'applicazione
Bisogna uccidere il processo e riavviare {x}. | la coda, la macchina, il database, il browser
Spostiamo il server alle {t}, salvate {x}. | i file, le foto, la base dati, gli appunti""",
    "pl": """
Rada miasta przegłosowała {n} do {m} budowę {x}. | mostu, biblioteki, ścieżki rowerowej, pływalni
Policja zamknęła {x} do {t} po wypadku. | tunel, obwodnicę, skrzyżowanie, zjazd
Rząd przeznaczy {n} milionów na {x}. | szkoły, szpitale, mieszkania, pomoc uchodźcom
Meczet i parafia urządzają razem {x}. | kolację, zbiórkę, koncert, festyn
Proces w sprawie {x} ruszy w poniedziałek o {t}. | upadłości, kradzieży, przetargu, pozwolenia
Posiekaj {n} cebule, podsmaż i dodaj {x}. | marchew, białą fasolę, czarny pieprz, grzyby, śmietanę
Piecz {n} minut, aż {x} się zarumieni. | ciasto, skórka, chleb, zapiekanka
Barszcz biały podaj z {x} i chrzanem. | jajkiem, kiełbasą, ziemniakami, pieczarkami
Drużyna wygrała {n}:{m} po golu {x}. | napastnika, kapitana, rezerwowego, obrońcy
Sędzia gwizdnął w {n} minucie i {x} zawyły. | trybuny, ławki, sektory
Atak skrzydłem i rozporki spodenek: tak wyglądał {x}. | mecz, trening, drugi gol
Od wersji {n}.{m} {x} się zawiesza. | serwer, program, sterownik, usługa
Trzeba ubić proces i uruchomić {x} od nowa. | bazę, kolejkę, komputer, kompilację
Przenosimy serwer o {t}, zróbcie kopię {x}. | plików, zdjęć, bazy, notatek""",
    "ru": """
Городской совет проголосовал {n} против {m} за {x}. | новый мост, библиотеку, трамвайную линию, бассейн
Полиция перекрыла {x} до {t} из-за аварии. | тоннель, шоссе, перекрёсток, съезд
Правительство выделит {n} миллионов на {x}. | школы, больницы, жильё, помощь беженцам
Мечеть и приход вместе устраивают {x}. | ужин, сбор вещей, концерт, экскурсию
Суд по делу о {x} продолжится в понедельник в {t}. | банкротстве, краже, подряде, лицензии
Нарежьте {n} луковицы, обжарьте и добавьте {x}. | морковь, белую фасоль, чёрный перец, грибы, сметану
Выпекайте {n} минут, пока {x} не подрумянится. | корочка, пирог, хлеб, запеканка
Зимовать будем на даче, {x} уже в погребе. | капуста, картошка, варенье, огурцы
Команда выиграла {n}:{m}, гол забил {x}. | нападающий, капитан, запасной, защитник
Судья свистнул на {n} минуте, и {x} загудели. | трибуны, фанаты, скамейки
Чуркина и Хохлова принесли сборной {x}. | медали, победу, очки
С версии {n}.{m} {x} падает при запуске. | сервер, программа, служба, драйвер
Надо убить процесс и перезапустить {x}. | базу, очередь, машину, сборку
Сервер переезжает в {t}, сохраните {x}. | файлы, фотографии, заметки, почту""",
    "nl": """
De gemeenteraad stemde met {n} tegen {m} voor {x}. | de nieuwe brug, het zwembad, het fietspad, de bibliotheek
De politie sloot {x} af tot {t} na een ongeluk. | de tunnel, de ringweg, het kruispunt, de afrit
Het kabinet trekt {n} miljoen uit voor {x}. | scholen, ziekenhuizen, woningen, de opvang van vluchtelingen
De moskee en de kerk houden samen {x}. | een maaltijd, een inzameling, een concert, een open dag
De troonrede ging over {x} en de begroting. | het klimaat, de zorg, de pensioenen, het onderwijs
Snijd {n} uien, bak ze in boter en voeg {x} toe. | de wortels, witte bonen, zwarte peper, de room, de prei
Bak het {n} minuten tot {x} goudbruin is. | de korst, de taart, het brood, de schotel
Negerzoenen heten nu anders, maar {x} blijft lekker. | appeltaart, vla, hagelslag, stroopwafel
De ploeg won met {n}-{m} door een goal van {x}. | de spits, de aanvoerder, de invaller, de linksback
De scheidsrechter floot in minuut {n} en {x} joelde. | het stadion, de bank, het uitvak, de tribune
Het verwachtingspatroon rond {x} is te hoog. | de spits, de trainer, de selectie, het team
Sinds versie {n}.{m} loopt {x} vast bij het starten. | de server, het programma, de dienst, de app
Je moet het proces killen en {x} herstarten. | de database, de wachtrij, de computer, de browser
We verhuizen de server om {t}, bewaar {x}. | je bestanden, de foto's, de mail, je notities""",
    "pt": """
A câmara aprovou por {n} votos a {m} {x}. | a nova ponte, a biblioteca, a ciclovia, o mercado
A polícia fechou {x} até às {t} por causa de um acidente. | o túnel, a avenida, o cruzamento, a rodovia
O governo vai gastar {n} milhões com {x}. | as escolas, os hospitais, a habitação, a acolhida de refugiados
A mesquita e a paróquia preparam juntas {x}. | um jantar, uma coleta, um concerto, uma visita
O julgamento sobre {x} continua na segunda às {t}. | a falência, o roubo, a licença, o contrato
Pique {n} cebolas, refogue e junte {x}. | as cenouras, o feijão preto, o vinho branco, o arroz, as lentilhas
Asse por {n} minutos até {x} dourar. | a massa, a torta, a casca, o pão branco
A bananada da avó leva {n} gramas de açúcar e {x}. | canela, limão, cravo, baunilha
O time venceu por {n} a {m} com gol de {x}. | cabeça, pênalti, falta, letra
O árbitro apitou aos {n} minutos e {x} reclamou. | a torcida, o banco, o estádio, o capitão
Desde a versão {n}.{m}, {x} cai ao iniciar. | o servidor, o programa, o serviço, o aplicativo
É preciso matar o processo e reiniciar {x}. | o banco de dados, a fila, a máquina, o navegador
Vamos mudar o servidor às {t}, salvem {x}. | os arquivos, as fotos, a base, as notas""",
    "sv": """
Kommunen röstade {n} mot {m} för {x}. | den nya bron, badhuset, cykelvägen, biblioteket
Polisen stängde {x} till {t} efter en olycka. | tunneln, ringleden, korsningen, avfarten
Regeringen lägger {n} miljoner på {x}. | skolor, sjukhus, bostäder, mottagandet av flyktingar
Moskén och kyrkan ordnar tillsammans {x}. | en middag, en insamling, en konsert, en marknad
Rättegången om {x} fortsätter på måndag klockan {t}. | konkursen, stölden, bygglovet, avtalet
Hacka {n} lökar, fräs dem i smör och tillsätt {x}. | morötterna, vita bönor, svartpeppar, grädden, purjon
Grädda i {n} minuter tills {x} är gyllene. | skorpan, pajen, brödet, kakan
Vi bakade {x} till fikat med handflatorna fulla av mjöl. | chokladbollar, kanelbullar, kladdkaka, tunnbröd
Laget vann med {n}-{m} efter mål av {x}. | anfallaren, kaptenen, avbytaren, backen
Domaren blåste i minut {n} och {x} vrålade. | läktaren, bänken, klacken
Maskinisten i {x} höll på motståndarna. | kiosken, sargen, målet
Sedan version {n}.{m} kraschar {x} vid start. | servern, programmet, tjänsten, appen
Man måste döda processen och starta om {x}. | databasen, kön, datorn, webbläsaren
Vi flyttar servern klockan {t}, spara {x}. | filerna, bilderna, mejlen, anteckningarna""",
    "ar": """
صوت المجلس البلدي بأغلبية {n} مقابل {m} على {x} | الجسر الجديد, المكتبة العامة, خط الحافلات, السوق
أغلقت الشرطة {x} حتى الساعة {t} بعد حادث سير | النفق, الطريق السريع, التقاطع, المخرج
تنفق الحكومة {n} مليون على {x} هذا العام | المدارس, المستشفيات, السكن, مساعدة اللاجئين
المسجد والكنيسة ينظمان معا {x} في الحي | عشاء, حملة تبرع, معرضا, زيارة
محاضرة عن الصوفيين و{x} في الجامعة يوم الأحد | الشعراء, الفلاسفة, المتاحف, المخطوطات
قطع {n} بصلات وأضف إليها {x} | الجزر, الأرز, العدس, الفاصولياء البيضاء, الفلفل الأسود
اخبز العجين {n} دقيقة حتى يصبح {x} ذهبيا | الوجه, الخبز, السطح
فاز الفريق {n} مقابل {m} بهدف من {x} | المهاجم, القائد, البديل, المدافع
أطلق الحكم صافرته في الدقيقة {n} واحتج {x} | الجمهور, المدرب, الفريق, الحارس
منذ الإصدار {n}.{m} يتوقف {x} عند التشغيل | الخادم, البرنامج, التطبيق, المتصفح
يجب إنهاء العملية ثم تشغيل {x} من جديد | قاعدة البيانات, الجهاز, الخدمة
ننقل الخادم الساعة {t} فاحفظوا {x} | الملفات, الصور, الرسائل""",
}
"""By language: a sentence a line, what its gap `{x}` may hold after the bar; `{n}`, `{m}` and `{t}` are numbers."""


def clean_posts(count: int, chance: Random) -> Iterator[str]:
    """Posts of one to three sentences in one language."""
    sentences = {lang: [line.split(" | ") for line in text.strip().splitlines()] for lang, text in SENTENCES.items()}
    for number in range(count):
        own = list(sentences.values())[number % len(sentences)]
        yield " ".join(
            sentence.format(n=chance.randint(2, 99), m=chance.randint(1, 30), x=chance.choice(fillers.split(", ")),
                            t=f"{chance.randint(6, 22)}:{chance.randint(0, 59):02}")
            for sentence, fillers in chance.sample(own, chance.choice((1, 1, 2, 3)))
        )  # fmt: skip
