"""Words for times, language by language: to teach another language, add its row. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A language's words, each the alternatives separated by `|`. Accents and capitals do not matter."""

    at: str = ""
    on: str = ""
    and_: str = ""
    until: str = ""
    """Monday to Friday."""
    next: str = ""
    """Before or after a weekday."""
    today: str = ""
    tonight: str = ""
    tomorrow: str = ""
    after_tomorrow: str = ""
    in_: str = ""
    """Before a span: in 20 minutes."""
    one: str = ""
    half: str = ""
    minutes: str = ""
    hours: str = ""
    days: str = ""
    weeks: str = ""
    months: str = ""
    o_clock: str = ""
    noon: str = ""
    every: str = ""
    other: str = ""
    """Every other day."""
    daily: str = ""
    working_days: str = ""
    weekends: str = ""
    first: str = ""
    second: str = ""
    third: str = ""
    fourth: str = ""
    last: str = ""
    of: str = ""
    """Between the day and its month, and articles there."""


TABLE = {
    "en": Words(
        at="at|@",
        on="on|on the|the",
        and_="and",
        until="to|till|until|through",
        next="next|this|coming",
        today="today",
        tonight="tonight|this evening",
        tomorrow="tomorrow|tmrw|tmr",
        after_tomorrow="day after tomorrow|the day after tomorrow",
        in_="in",
        one="a|an|one",
        half="half an|half a",
        minutes="min|mins|minute|minutes|m",
        hours="hour|hours|h|hr|hrs",
        days="day|days",
        weeks="week|weeks",
        months="month|months",
        o_clock="o'clock",
        noon="noon|midday",
        every="every|each",
        other="other|second",
        daily="daily",
        working_days="weekday|weekdays|workday|workdays|working day|working days",
        weekends="weekend|weekends",
        first="first|1st",
        second="second|2nd",
        third="third|3rd",
        fourth="fourth|4th",
        last="last",
        of="of|of the|of every|of each|in the|every|each|a",
    ),
    "de": Words(
        at="um",
        on="am|den|der",
        and_="und",
        until="bis",
        next="nächsten|nächster|nächste|kommenden|kommende|diesen",
        today="heute",
        tonight="heute abend",
        tomorrow="morgen",
        after_tomorrow="übermorgen",
        in_="in",
        one="einer|einem|eine|ein",
        half="einer halben",
        minutes="min|minute|minuten",
        hours="std|stunde|stunden|h",
        days="tag|tage|tagen",
        weeks="woche|wochen",
        months="monat|monats|monate",
        o_clock="uhr",
        noon="mittag|mittags",
        every="jeden|jede|jedes|alle|immer",
        other="zweiten|zweite|anderen|andere",
        daily="täglich",
        working_days="werktag|werktage|werktags|wochentag|wochentage",
        weekends="wochenende|wochenenden",
        first="ersten|erste|erster",
        second="zweiten|zweite|zweiter",
        third="dritten|dritte|dritter",
        fourth="vierten|vierte|vierter",
        last="letzten|letzte|letzter",
        of="im|des|jeden|jedes|pro",
    ),
    "fr": Words(
        at="à|a|vers",
        on="le|les",
        and_="et",
        until="au|à",
        next="prochain|prochaine|ce",
        today="aujourd'hui",
        tonight="ce soir",
        tomorrow="demain",
        after_tomorrow="après demain",
        in_="dans",
        one="une|un",
        half="une demi",
        minutes="min|minute|minutes|mn",
        hours="h|heure|heures",
        days="jour|jours",
        weeks="semaine|semaines",
        months="mois",
        o_clock="heures|heure",
        noon="midi",
        every="chaque|tous les|toutes les",
        daily="quotidiennement",
        working_days="jour ouvrable|jours ouvrables|jour de semaine|jours de semaine",
        weekends="week end|week ends|weekend|weekends",
        first="premier|première",
        second="deuxième|second",
        third="troisième",
        fourth="quatrième",
        last="dernier|dernière",
        of="du|de chaque|de|chaque",
    ),
    "es": Words(
        at="a las|a la|a",
        on="el|los",
        and_="y",
        until="a",
        next="próximo|próxima|este|que viene",
        today="hoy",
        tonight="esta noche|hoy por la noche",
        tomorrow="mañana",
        after_tomorrow="pasado mañana",
        in_="en|dentro de",
        one="una|un",
        half="media",
        minutes="min|minuto|minutos",
        hours="h|hora|horas",
        days="día|días",
        weeks="semana|semanas",
        months="mes|meses",
        o_clock="horas|hs",
        noon="mediodía|al mediodía",
        every="cada|todos los|todas las",
        daily="diariamente",
        working_days="día laborable|días laborables|día hábil|días hábiles",
        weekends="fin de semana|fines de semana",
        first="primer|primero",
        second="segundo",
        third="tercer|tercero",
        fourth="cuarto",
        last="último",
        of="de cada|de|del|cada",
    ),
    "ru": Words(
        at="в",
        on="в|во",
        and_="и",
        until="по|до",
        next="следующий|следующую|следующее|ближайший|ближайшую|этот|эту",
        today="сегодня",
        tonight="сегодня вечером",
        tomorrow="завтра",
        after_tomorrow="послезавтра",
        in_="через",
        one="один|одну",
        minutes="мин|минута|минуту|минуты|минут",
        hours="ч|час|часа|часов",
        days="день|дня|дней",
        weeks="неделя|неделю|недели|недель",
        months="месяц|месяца|месяцев",
        o_clock="часов|часа|час|ч",
        noon="полдень",
        every="каждый|каждую|каждое|каждые",
        other="второй|вторую",
        daily="ежедневно",
        working_days="будний день|будни|по будням|рабочий день",
        weekends="выходные|по выходным|выходной",
        first="первый|первую|первое",
        second="второй|вторую|второе",
        third="третий|третью|третье",
        fourth="четвертый|четвертую|четвертое",
        last="последний|последнюю|последнее",
        of="каждого|в",
    ),
    "ar": Words(
        at="الساعة|على الساعة|في الساعة|في",
        on="يوم|في يوم",
        and_="و",
        until="إلى|حتى",
        next="القادم|المقبل",
        today="اليوم",
        tonight="الليلة|مساء اليوم",
        tomorrow="غدا|غد|بكرة",
        after_tomorrow="بعد غد|بعد غدا|بعد بكرة",
        in_="بعد|خلال|في",
        minutes="دقيقة|دقائق|دقيقه",
        hours="ساعة|ساعات|ساعه",
        days="يوم|أيام|يوما",
        weeks="أسبوع|أسابيع",
        months="شهر|أشهر",
        every="كل",
        daily="يوميا",
        working_days="يوم عمل|أيام العمل",
        weekends="عطلة نهاية الأسبوع",
        first="أول",
        second="ثاني",
        third="ثالث",
        fourth="رابع",
        last="آخر",
        of="من كل|من|كل",
    ),
}
#: Forms of weekdays that CLDR does not list: by language, from Monday.
MORE_WEEKDAYS = {
    "en": "; tues; weds; thur|thurs; ; ;",
    "de": "; ; ; ; ; sonnabend;",
    "ru": "; ; среду; ; пятницу; субботу;",
    "ar": "اثنين; ثلاثاء; أربعاء; خميس; جمعة; سبت; أحد",
}
#: Forms that mean every week.
WEEKLY = {
    "en": "mondays; tuesdays; wednesdays; thursdays; fridays; saturdays; sundays",
    "de": "montags; dienstags; mittwochs; donnerstags; freitags; samstags|sonnabends; sonntags",
    "fr": "lundis; mardis; mercredis; jeudis; vendredis; samedis; dimanches",
    "es": "; ; ; ; ; sábados; domingos",
}
