"""Numbers, dates and countries as a French or a British reader writes them (CLDR, through Babel)."""

from datetime import UTC, date, datetime, timedelta

_LOCALES = {"fr": "fr", "en": "en_GB"}
_UNKNOWN_COUNTRY = {"fr": "pays non identifié", "en": "country not identified"}
_UNION = {"fr": "Union européenne", "en": "European Union"}


def decimal(value: float, language: str, digits: int = 1) -> str:
    """The number with exactly ``digits`` decimals, thousands grouped; a rounded zero has no sign."""
    from babel.numbers import format_decimal

    rounded = round(value, digits) + 0.0
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(rounded or 0, format=pattern, locale=_LOCALES[language]))


def signed(value: float, language: str, digits: int = 1) -> str:
    """The number with its sign: ``+4.2``, ``−1.0``."""
    sign = "+" if round(value, digits) >= 0 else "−"
    return sign + decimal(abs(value), language, digits)


def percent(share: float, language: str) -> str:
    """A share of 0 to 1 as a whole percentage: ``61 %`` in French, ``61%`` in English."""
    from babel.numbers import format_percent

    return str(format_percent(share, locale=_LOCALES[language]))


def day(iso: str, language: str) -> str:
    """``1er novembre 2026`` or ``1 November 2026`` for an ISO date or time; anything else comes back as it is."""
    from babel.dates import format_date

    try:
        when = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    text = str(format_date(when, format="long", locale=_LOCALES[language]))
    return text.replace("1 ", "1er ", 1) if language == "fr" and when.day == 1 else text


def moment(iso: str, language: str) -> str:
    """A UTC time as day, time in Paris and time in UTC; anything else comes back as it is."""
    try:
        when = datetime.fromisoformat(iso.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return iso
    local = when + timedelta(hours=2 if _summer_in_paris(when) else 1)
    at = "à" if language == "fr" else "at"
    clock = f"{local:%H} h {local:%M}" if language == "fr" else f"{local:%H:%M}"
    return f"{day(local.date().isoformat(), language)} {at} {clock} (Europe/Paris), {when:%H:%M} UTC"


def country(code: str, language: str) -> str:
    """``États-Unis (US)``: the CLDR name with its ISO code, so that neither is needed to read the other."""
    from babel import Locale

    if code == "??":
        return _UNKNOWN_COUNTRY[language]
    name = _UNION[language] if code == "EU" else Locale.parse(_LOCALES[language]).territories.get(code)
    return f"{name} ({code})" if name else code


def plural(number: float, language: str) -> str:
    """The CLDR plural category: in French 0 and 1 are ``one``."""
    from babel import Locale

    return str(Locale.parse(_LOCALES[language]).plural_form(abs(number)))


def _summer_in_paris(when: datetime) -> bool:
    # Written out, because the time-zone table of the machine may be absent or of another year (Directive 2000/84/EC:
    # last Sunday of March to last Sunday of October, 01:00 UTC).
    def last_sunday(month: int) -> datetime:
        last = datetime(when.year, month, 31, 1, tzinfo=UTC)
        return last - timedelta(days=(last.weekday() + 1) % 7)

    return last_sunday(3) <= when < last_sunday(10)
