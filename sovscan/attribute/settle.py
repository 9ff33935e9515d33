"""What would decide an open attribution: one check or one question to the organisation, in both languages.

Names come from the network; they are put in plain, and escaped where they are printed.
"""

from sovscan.model.text import Text

_SHOWN = 5


def mailbox_behind(domain: str) -> Text:
    """The mailbox host behind a gateway is not seen."""
    return Text(
        fr=f"Demander à l'organisation vers quel serveur la passerelle remet le courrier de {domain}, "
        "ou lire les en-têtes « Received » d'un message qu'elle a envoyé.",
        en=f"Ask the organisation to which server the gateway hands the mail of {domain}, "
        "or read the Received headers of a message it sent.",
    )


def two_readings(domain: str, first: str, second: str) -> Text:
    """Two candidates for the mailboxes are about equal."""
    return Text(
        fr=f"Deux lectures possibles pour {domain} : {first} ou {second}. Lire les en-têtes « Received » d'un message "
        "reçu d'une boîte de l'organisation, ou demander où les boîtes sont hébergées.",
        en=f"Two readings for {domain}: {first} or {second}. Read the Received headers of a message from one of its "
        "mailboxes, or ask where the mailboxes are hosted.",
    )


def operator_of(host: str) -> Text:
    """A host is seen, who runs it is not known."""
    return Text(
        fr=f"Demander qui exploite {host} et sur quelle infrastructure ; une ligne dans sovscan.yaml le déclare.",
        en=f"Ask who runs {host} and on which infrastructure; one line in sovscan.yaml declares it.",
    )


def servers_of(domain: str) -> Text:
    """No zone was found that publishes servers for a name that exists."""
    return Text(
        fr=f"Demander qui répond aux questions DNS pour {domain} : aucun serveur de noms n'est publié de ce nom "
        "jusqu'à son domaine enregistrable ; une ligne dans sovscan.yaml le déclare.",
        en=f"Ask who answers DNS questions for {domain}: no name server is published from this name up to its "
        "registrable domain; one line in sovscan.yaml declares it.",
    )


def origin_of(site: str) -> Text:
    """The origin server behind a proxy is not seen."""
    return Text(
        fr=f"Demander où est hébergé le serveur d'origine de {site}, que cache le mandataire ; une déclaration suffit.",
        en=f"Ask where the origin server of {site} is hosted, which the proxy hides; a declaration resolves it.",
    )


def still_in_use(service: str) -> Text:
    """A trace may be a leftover."""
    return Text(
        fr=f"Vérifier si {service} sert encore ; sinon, retirer l'enregistrement.",
        en=f"Check whether {service} is still in use; if not, remove the record.",
    )


def in_code(service: str) -> Text:
    """A repository holds a trace of a service; that anything flows there is not said."""
    return Text(
        fr=f"Vérifier si ce logiciel se connecte vraiment à {service}, et d'où ; sinon, retirer la trace.",
        en=f"Check whether this software really connects to {service}, and from where; if not, remove it.",
    )


def proof_of(service: str) -> Text:
    """A service is declared, without a proof."""
    return Text(
        fr=f"Joindre à la déclaration de {service} une preuve (contrat, facture, page d'administration).",
        en=f"Add a proof to the declaration of {service} (contract, invoice, administration page).",
    )


def ask_again(questions: tuple[str, ...]) -> Text:
    """Answers are missing that could have named somebody else."""
    shown, left = ", ".join(questions[:_SHOWN]), len(questions) - _SHOWN
    more_fr = f" et {left} autre{'s' if left > 1 else ''}" if left > 0 else ""
    more_en = f" and {left} more" if left > 0 else ""
    return Text(
        fr=f"Redemander ce qui est resté sans réponse et pouvait désigner quelqu'un d'autre : {shown}{more_fr}.",
        en=f"Ask again what was not answered and could have named somebody else: {shown}{more_en}.",
    )
