"""What would decide an open attribution: one check or one question to the organisation, in both languages.

Names come from the network; they are put in plain, and escaped where they are printed.
"""

from collections.abc import Iterable

from sovscan.model.dependency import Party
from sovscan.model.text import Text

_SHOWN = 5
_LONGEST = 60


def mailbox_behind(domain: str) -> Text:
    """The mailbox host behind a gateway is not seen."""
    return Text(
        fr=f"Demander à l'organisation vers quel serveur la passerelle remet le courrier de {domain}, "
        "ou lire les en-têtes « Received » d'un message qu'elle a envoyé.",
        en=f"Ask the organisation to which server the gateway hands the mail of {domain}, "
        "or read the Received headers of a message it sent.",
    )


def kept_where(domain: str, service: str) -> Text:
    """The MX names a service that may only pass mail on."""
    return Text(
        fr=f"Demander où {service} remet le courrier de {domain}, ou lire les en-têtes « Received » d'un message reçu.",
        en=f"Ask where {service} delivers the mail of {domain}, or read the Received headers of a message received.",
    )


def two_readings(domain: str, first: str, second: str) -> Text:
    """Two candidates for the mailboxes are about equal."""
    return Text(
        fr=f"Deux lectures possibles pour {domain} : {first} ou {second}. Lire les en-têtes « Received » d'un message "
        "reçu d'une boîte de l'organisation, ou demander où les boîtes sont hébergées.",
        en=f"Two readings for {domain}: {first} or {second}. Read the Received headers of a message from one of its "
        "mailboxes, or ask where the mailboxes are hosted.",
    )


def operator_of(host: str, network: Party | None = None) -> Text:
    """A host is seen, who runs it is not known; ``network``: on whose network it stands, when that is seen."""
    if network is None:
        return Text(
            fr=f"Demander qui exploite {host} et sur quelle infrastructure ; une ligne dans sovscan.yaml le déclare.",
            en=f"Ask who runs {host} and on which infrastructure; one line in sovscan.yaml declares it.",
        )
    holder = _holder(network)
    if network.provider is None:
        return Text(
            fr=f"Demander qui exploite {host} et qui contrôle {holder}, dans le réseau de qui est son adresse ; une "
            "ligne dans sovscan.yaml le déclare.",
            en=f"Ask who runs {host} and who controls {holder}, in whose network its address lies; one line in "
            "sovscan.yaml declares it.",
        )
    return Text(
        fr=f"Demander qui exploite {host}, et si la machine est chez {holder}, dans le réseau de qui est son adresse ; "
        "une ligne dans sovscan.yaml le déclare.",
        en=f"Ask who runs {host}, and whether the machine stands with {holder}, in whose network its address lies; one "
        "line in sovscan.yaml declares it.",
    )


def owner_of_network(host: str, network: Party) -> Text:
    """The organisation's own machine stands on a network whose holder is named and otherwise unknown."""
    holder = _holder(network)
    return Text(
        fr=f"Demander à {holder}, dans le réseau de qui se trouve {host}, qui en a le contrôle, et si la machine est "
        "chez lui ou dans les locaux de l'organisation.",
        en=f"Ask {holder}, in whose network {host} stands, who controls it, and whether the machine is with it or on "
        "the organisation's own premises.",
    )


def one_of_networks(host: str, networks: Iterable[Party]) -> Text:
    """An address is announced by several networks at once."""
    named = ", ".join(dict.fromkeys(map(_holder, networks)))
    return Text(
        fr=f"Demander dans quel réseau se trouve {host} et à qui ses adresses sont louées : elles sont annoncées par "
        f"plusieurs ({named}).",
        en=f"Ask in which network {host} stands and to whom its addresses are leased: several announce them ({named}).",
    )


def hosted_or_line(host: str, network: Party) -> Text:
    """A machine stands on a carrier's network: in its data centre, or elsewhere behind its line."""
    holder = _holder(network)
    return Text(
        fr=f"Deux lectures pour {host} : hébergé par {holder}, qui aurait la main sur les données stockées, ou placé "
        "ailleurs derrière une ligne que cet opérateur peut couper et sur laquelle il voit passer le trafic. Demander "
        "où est la machine et ce qui est loué.",
        en=f"Two readings for {host}: hosted by {holder}, which would have custody of the stored data, or standing "
        "elsewhere behind a line that this carrier can cut and on which it sees the traffic pass. Ask where the "
        "machine is and what is rented.",
    )


def servers_of(domain: str) -> Text:
    """No zone was found that publishes servers for a name that exists."""
    return Text(
        fr=f"Demander qui répond aux questions DNS pour {domain} : aucun serveur de noms n'est publié de ce nom "
        "jusqu'à son domaine enregistrable ; une ligne dans sovscan.yaml le déclare.",
        en=f"Ask who answers DNS questions for {domain}: no name server is published from this name up to its "
        "registrable domain; one line in sovscan.yaml declares it.",
    )


def owner_of(company: str) -> Text:
    """A company is named that the catalogue does not know: a registrar, a certificate authority."""
    return Text(
        fr=f"Demander à {company} à qui elle appartient, extrait de registre à l'appui ; une entrée donnée par "
        "--providers le déclare.",
        en=f"Ask {company} who owns it, with an extract of a register; an entry given with --providers declares it.",
    )


def registry_of(top: str) -> Text:
    """Who keeps a top-level domain is not in the catalogue."""
    return Text(
        fr=f"Lire dans la base de la zone racine (IANA) qui tient .{top}, puis lui demander à qui il appartient.",
        en=f"Read in the root zone database (IANA) who keeps .{top}, then ask that party who owns it.",
    )


def certificate_of(host: str, issuer: str) -> Text:
    """A certificate that no trusted authority vouches for may name whom it likes."""
    return Text(
        fr=f"Demander qui a installé sur {host} un certificat au nom de {issuer}, sans autorité reconnue.",
        en=f"Ask who installed on {host} a certificate in the name of {issuer}, which no trusted authority signs.",
    )


def sender_behind(domain: str, value: str) -> Text:
    """A sender policy names somebody who is not known."""
    return Text(
        fr=f"Demander qui envoie du courrier pour {domain} par {value}, et si l'envoi sert encore ; sinon, le retirer "
        "de la politique SPF.",
        en=f"Ask who sends mail for {domain} through {value}, and whether it still does; if not, take it out of the "
        "SPF policy.",
    )


def receiver_of_reports(name: str) -> Text:
    """Reports about the domain's mail go to somebody who is not known."""
    return Text(
        fr=f"Demander qui reçoit à {name} les rapports sur le courrier du domaine, et ce qu'il en garde.",
        en=f"Ask who receives the reports on the domain's mail at {name}, and what is kept of them.",
    )


def called_by_page(host: str) -> Text:
    """A page calls a host of somebody who is not known."""
    return Text(
        fr=f"Demander à qui est {host}, que la page appelle, et à quoi il sert ; une ligne dans sovscan.yaml le dit.",
        en=f"Ask whose {host} is, which the page calls, and what for; one line in sovscan.yaml declares it.",
    )


def origin_of(site: str) -> Text:
    """The origin server behind a proxy is not seen."""
    return Text(
        fr=f"Demander où est hébergé le serveur d'origine de {site}, que cache le mandataire ; une déclaration suffit.",
        en=f"Ask where the origin server of {site} is hosted, which the proxy hides; a declaration resolves it.",
    )


def still_in_use(service: str, record: str) -> Text:
    """A trace may be a leftover; of a token its name is told, without what it holds."""
    shown = " ".join(record.partition("=")[0].split()[:1])[:_LONGEST]
    return Text(
        fr=f"Vérifier si {service}, dont témoigne {shown}, sert encore ; sinon, retirer l'enregistrement.",
        en=f"Check whether {service}, to which {shown} testifies, is still in use; if not, remove the record.",
    )


def whose_name(name: str, service: str) -> Text:
    """A name is in use, that it belongs to the service rests on a weak sign."""
    return Text(
        fr=f"Demander si {name} est bien un service de {service} : un seul indice, faible, le dit.",
        en=f"Ask whether {name} is really a service of {service}: one weak sign alone says so.",
    )


def still_called(service: str) -> Text:
    """A page may call a service; that it does was not seen."""
    return Text(
        fr=f"Ouvrir la page dans un navigateur, scripts et consentement compris, et voir si elle appelle {service}.",
        en=f"Open the page in a browser, with scripts and consent given, and see whether it calls {service}.",
    )


def still_sends(value: str, service: str) -> Text:
    """A sender policy reaches somebody in a roundabout way."""
    return Text(
        fr=f"Demander si du courrier du domaine part encore par {service} ({value}) ; sinon, le retirer de la "
        "politique SPF.",
        en=f"Ask whether mail of the domain still leaves through {service} ({value}); if not, take it out of the SPF "
        "policy.",
    )


def file_to_read(path: str) -> Text:
    """A file of a repository could not be read."""
    return Text(
        fr=f"Lire {path}, que l'examen n'a pas pu lire, ou le corriger : ce qu'il déclare n'est pas connu.",
        en=f"Read {path}, which the scan could not, or mend it: what it declares is not known.",
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


def _holder(network: Party) -> str:
    """``Example SA (AS64500)`` for what the table of networks calls ``AS64500 Example SA``."""
    number, _, name = network.label.partition(" ")
    return f"{name} ({number})" if name else network.label
