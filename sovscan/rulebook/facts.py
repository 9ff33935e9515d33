"""Every fact a rule may name: its type and what it says. Nothing else can appear in a condition."""

from dataclasses import dataclass

from sovscan.model.exposure import Level
from sovscan.model.text import Text

CONTROL = (Level.DIRECT, Level.PARENT)
HOLD = (*CONTROL, Level.HOSTED_ON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One declared fact."""

    name: str
    type: str
    """``bool``, ``int``, ``double``, ``string`` or ``list`` (of strings)."""
    meaning: Text
    rests_on: tuple[Level, ...] = ()
    """Levels of nexus behind it: while one of them has no source, an EXPOSED that used the fact is to confirm."""


def declared() -> dict[str, Fact]:
    """All facts by name, in the order of this module."""
    return {fact.name: fact for fact in FACTS}


def types() -> dict[str, str]:
    """The type of each fact by name, as the engine wants it."""
    return {fact.name: fact.type for fact in FACTS}


def _fact(name: str, kind: str, fr: str, en: str, rests_on: tuple[Level, ...] = ()) -> Fact:
    return Fact(name=name, type=kind, meaning=Text(fr=fr, en=en), rests_on=rests_on)


def _owned(name: str, kind: str, fr: str, en: str, rests_on: tuple[Level, ...] = tuple(Level)) -> Fact:
    return _fact(name, kind, fr, en, rests_on)


# fmt: off
_DEPENDENCY = (
    _fact("dependency.layer", "string", "couche de la dépendance", "layer of the dependency"),
    _fact("dependency.role", "string", "rôle dans la couche", "role inside the layer"),
    _fact("dependency.subject", "string", "nom auquel répond le service", "name the service answers to"),
    _fact("dependency.confidence", "string", "confirmed, probable ou weak", "confirmed, probable or weak"),
    _fact("dependency.flags", "list", "mots-clés posés par l’attribution", "words set by the attribution"),
    _fact("dependency.main", "bool", "trouvée sur un domaine principal", "found on a main domain"),
    _fact("dependency.identified", "bool", "l’exploitant est connu", "the operator is known"),
    _fact("dependency.self_run", "bool", "exploitée par l’organisation elle-même", "run by the organisation itself"),
    _fact("dependency.own_network", "bool",
          "adresses enregistrées au nom de l’organisation, ou réseau propre déclaré avec preuve",
          "addresses registered to the organisation, or own network declared with a proof"),
    _fact("dependency.has_runner_up", "bool", "une autre lecture des indices existe", "another reading exists"),
    _fact("dependency.contradicted", "bool", "des indices parlent contre l’attribution",
          "some signals speak against the attribution"),
    _fact("dependency.signals", "list", "sortes d’indices qui la fondent", "kinds of signals it rests on"),
)

_PROVIDER = (
    _fact("provider.id", "string", "identifiant au catalogue", "catalogue id"),
    _fact("provider.name", "string", "nom commercial", "trade name"),
    _owned("provider.seat", "string", "pays du siège de l’entité", "country of the entity's seat"),
    _owned("provider.controller", "string", "société mère ultime", "ultimate parent"),
    _owned("provider.controller_country", "string", "pays de la société mère ultime", "country of the ultimate parent"),
    _owned("provider.us_controlled", "bool", "siège ou contrôle aux États-Unis",
           "seated in or controlled from the US", CONTROL),
    _owned("provider.eea_controlled", "bool", "siège et contrôle dans l’EEE",
           "seated in and controlled from the EEA", CONTROL),
    _fact("provider.sourced", "bool", "propriété sourcée", "ownership is sourced"),
    _fact("provider.conflict", "bool", "sources contradictoires sur la propriété", "sources on ownership disagree"),
    _fact("provider.owner_known", "bool", "siège et contrôle identifiés, sans contradiction",
          "seat and control identified, without contradiction"),
    _owned("provider.direct_countries", "list", "pays du siège, s’il est hors EEE", "country of the seat if outside"),
    _owned("provider.parent_countries", "list", "pays hors EEE des détenteurs du contrôle",
           "countries outside the EEA of those who control it"),
    _owned("provider.influence_countries", "list", "pays hors EEE de détenteurs influents (seuils de 19.6 b)",
           "countries outside the EEA of influential holders (thresholds of 19.6 b)"),
    _owned("provider.presence_countries", "list", "pays hors EEE où le groupe est établi",
           "countries outside the EEA where the group is established"),
)

_OFFER = (
    _fact("offer.known", "bool", "l’offre est identifiée", "the offer is identified"),
    _fact("offer.id", "string", "identifiant de l’offre", "offer id"),
    _fact("offer.valid_qualifications", "list", "qualifications en cours de validité, relevé récent",
          "qualifications valid at the audit date, on a recent record"),
    _fact("offer.expired_qualifications", "list", "qualifications arrivées à échéance",
          "qualifications past their end"),
    _fact("offer.unusable_qualifications", "list", "qualifications au relevé trop ancien ou sans date de fin",
          "qualifications with an over-age record or without an end date"),
    _fact("offer.pending_qualifications", "list", "qualifications en cours d’instruction",
          "qualifications in progress"),
    _fact("offer.ending_qualifications", "list", "qualifications qui s’achèvent sous 90 jours",
          "qualifications that end within 90 days"),
    _fact("offer.qualified_elsewhere", "bool", "une autre offre du même prestataire est qualifiée SecNumCloud",
          "another offer of the same provider is SecNumCloud-qualified"),
    _fact("offer.host_known", "bool", "l’hébergement de l’offre est sourcé", "the hosting of the offer is sourced"),
)

_HOST = (
    _fact("host.seen", "bool", "un hébergeur a été observé ou est documenté", "a host was observed or is documented"),
    _fact("host.identified", "bool", "l’hébergeur est au catalogue, propriété connue",
          "the host is in the catalogue with known ownership"),
    _fact("host.name", "string", "hébergeurs", "hosts"),
    _owned("host.control_countries", "list", "pays hors EEE qui contrôlent l’hébergeur (et non l’exploitant)",
           "countries outside the EEA that control the host (and not the operator)"),
    _owned("host.influence_countries", "list", "pays hors EEE influents chez l’hébergeur",
           "countries outside the EEA with influence at the host"),
    _owned("host.presence_countries", "list", "pays hors EEE où l’hébergeur est établi",
           "countries outside the EEA where the host is established"),
    _owned("technology.countries", "list", "pays hors EEE des éditeurs de la technologie exploitée",
           "countries outside the EEA of the makers of the technology in use"),
    _fact("technology.name", "string", "éditeurs de la technologie", "makers of the technology"),
)

_NEXUS = (
    _owned("nexus.level", "string", "niveau d’exposition le plus élevé", "highest exposure level"),
    _owned("nexus.levels", "list", "tous les niveaux de l’échelle atteints",
          "every level of the ladder that is reached"),
    _owned("nexus.countries", "list", "pays hors EEE ayant prise", "countries outside the EEA with a hold"),
    _owned("nexus.us", "bool", "les États-Unis ont prise, à quelque titre que ce soit",
          "the US has a hold, on any ground"),
    _owned("nexus.us_control", "bool", "contrôle américain (DIRECT ou PARENT)",
           "US control (DIRECT or PARENT)", CONTROL),
    _owned("nexus.foreign_control", "bool", "contrôle hors EEE (DIRECT ou PARENT)",
           "control from outside the EEA (DIRECT or PARENT)", CONTROL),
    _owned("nexus.foreign_host", "bool", "prestataire européen sur une infrastructure sous contrôle hors EEE",
           "European operator on infrastructure controlled from outside the EEA", (Level.HOSTED_ON,)),
    _owned("nexus.us_host", "bool", "prestataire européen sur une infrastructure sous contrôle américain",
           "European operator on US-controlled infrastructure", (Level.HOSTED_ON,)),
    _owned("nexus.influence", "bool", "détenteur hors EEE influent, sans contrôle",
           "influential holder outside the EEA, without control", (Level.INFLUENCE,)),
    _owned("nexus.presence", "bool", "établissement ou filiale hors EEE",
          "establishment or subsidiary outside the EEA", (Level.PRESENCE,)),
    _owned("nexus.technology", "bool", "technologie propriétaire hors EEE exploitée en Europe",
           "proprietary technology from outside the EEA operated in Europe", (Level.TECHNOLOGY,)),
    _owned("nexus.laws", "list", "textes qui peuvent l’atteindre", "laws that can reach it"),
)

_DOMAIN = (
    _fact("mail.has_mx", "bool", "le domaine reçoit du courrier", "the domain receives mail"),
    _fact("mail.null_mx", "bool", "le domaine déclare ne pas recevoir de courrier (RFC 7505)",
          "the domain says it receives no mail (RFC 7505)"),
    _fact("mail.behind_gateway", "bool", "une passerelle reçoit le courrier avant la boîte",
          "a gateway receives mail before the mailbox"),
    _fact("mail.backend_identified", "bool", "l’hébergeur des boîtes est identifié", "the mailbox host is identified"),
    _fact("mail.spf_present", "bool", "un enregistrement SPF est publié", "an SPF record is published"),
    _fact("mail.spf_permerror", "bool", "l’enregistrement SPF est en erreur permanente (RFC 7208)",
          "the SPF record is in permanent error (RFC 7208)"),
    _fact("mail.spf_leftovers", "list", "prestataires autorisés par SPF sans autre trace d’usage",
          "providers authorised by SPF with no other trace of use"),
    _fact("mail.dmarc_policy", "string", "politique DMARC : absent, none, quarantine, reject",
          "DMARC policy: absent, none, quarantine, reject"),
    _fact("mail.dnssec", "bool", "le domaine est signé (DS présent)", "the domain is signed (DS present)"),
    _fact("web.reachable", "bool", "la page principale a pu être lue", "the main page could be read"),
    _fact("dns.operators", "int", "nombre d’exploitants DNS distincts", "number of distinct DNS operators"),
    _fact("dns.foreign_only", "bool", "tous les exploitants DNS sont sous contrôle hors EEE",
          "every DNS operator is controlled from outside the EEA"),
    _fact("domain.identity_asked", "bool", "des noms où se voit un service de comptes ont été demandés",
          "names that show an accounts service were asked for"),
    _fact("domain.identity_read", "bool",
          "tous les noms où se voit un service de comptes ont répondu ; fait absent sinon, et ce qui s’appuie dessus "
          "reste inconnu",
          "every name that shows an accounts service was answered; left out otherwise, and what rests on it stays "
          "unknown"),
    _fact("domain.hosts_asked", "bool", "des noms de service usuels ont été demandés",
          "usual service names were asked for"),
    _fact("domain.hosts_read", "bool",
          "tous les noms de service usuels ont répondu ; fait absent sinon",
          "every usual service name was answered; left out otherwise"),
    _fact("domain.senders_asked", "bool", "des enregistrements où se voit un expéditeur ont été demandés",
          "records that show a sender were asked for"),
    _fact("domain.senders_read", "bool",
          "tous les enregistrements où se voit un expéditeur ont répondu ; fait absent sinon",
          "every record that shows a sender was answered; left out otherwise"),
    _fact("domain.registrar_asked", "bool", "le registre a été interrogé sur le bureau d’enregistrement",
          "the registry was asked for the registrar"),
    _fact("domain.registrar_read", "bool", "le registre a répondu ; fait absent sinon",
          "the registry answered; left out otherwise"),
    _fact("domain.leftover_tokens", "list", "jetons de vérification laissés dans les TXT, sans usage observé",
          "verification tokens left in TXT records, without observed use"),
    _fact("domain.resolvers_compared", "bool", "un autre résolveur a été interrogé pour comparer",
          "another resolver was asked, to compare"),
    _fact("domain.resolvers_disagree", "bool", "les résolveurs interrogés se contredisent",
          "the resolvers asked disagree"),
)

_ORGANISATION = (
    _fact("organisation.dependencies", "int", "nombre de dépendances observées", "number of dependencies observed"),
    _fact("organisation.coverage", "double", "part du poids total dont les questions ont abouti, 0 à 1",
          "share of the total weight whose questions were answered, 0 to 1"),
    _fact("organisation.layers_failed", "list", "couches dont la question essentielle est restée sans réponse",
          "layers whose essential question got no answer"),
    _fact("organisation.fully_observed", "bool",
          "toutes les couches ont pu être lues ; fait absent sinon, et ce qui s’appuie dessus reste inconnu",
          "every layer could be read; left out otherwise, and what rests on it stays unknown"),
    _fact("organisation.unidentified", "int", "nombre de dépendances dont l’exploitant est inconnu",
          "number of dependencies whose operator is not known"),
    _owned("organisation.us_controllers_share", "double", "part des points perdus sous contrôle américain, 0 à 1",
           "share of the points lost that US control carries, 0 to 1", CONTROL),
    _fact("organisation.us_controllers_share_limit", "double",
          "cette part si les couches non lues étaient toutes sous ce contrôle",
          "that share if every layer that could not be read were under that control"),
    _owned("organisation.largest_controller", "string", "contrôleur qui coûte le plus de points",
           "controller that costs the most points", CONTROL),
    _owned("organisation.largest_controller_share", "double", "part des points perdus de ce contrôleur, 0 à 1",
           "share of the points lost through that controller, 0 to 1", CONTROL),
    _fact("organisation.controller_share_limit", "double",
          "part qu’un contrôleur hors EEE pourrait avoir si les couches non lues étaient siennes",
          "share a controller outside the EEA could have if the layers not read were its own"),
    _fact("organisation.controller_layers_limit", "int",
          "nombre de couches qu’un contrôleur hors EEE pourrait tenir, couches non lues comprises",
          "number of layers a controller outside the EEA could hold, layers not read included"),
    _owned("organisation.largest_controller_layers", "int", "nombre de couches qu’il tient",
          "number of layers it holds", CONTROL),
    _owned("organisation.largest_controller_foreign", "bool", "il est hors EEE", "it is outside the EEA", CONTROL),
    _owned("organisation.same_controller_mail_identity", "bool",
           "un même contrôleur hors EEE tient le courrier entrant et les identités",
           "one controller outside the EEA holds both inbound mail and identity", CONTROL),
    _owned("organisation.fallback_under_one_hand", "bool",
           "courrier, DNS et nom de domaine ont une prise d’un même pays hors EEE, sans repli européen",
           "mail, DNS and domain name are all held from one country outside the EEA, with no European fallback", HOLD),
    _owned("organisation.tenant_without_mailbox", "bool",
           "un espace collaboratif hors EEE existe alors que les boîtes sont ailleurs",
           "a workspace tenant outside the EEA exists although the mailboxes are elsewhere", CONTROL),
    _owned("organisation.several_critical_foreign", "bool",
           "plusieurs couches critiques (courrier, identité, hébergement) sous contrôle ou hébergement hors EEE",
           "several critical layers (mail, identity, hosting) controlled or hosted from outside the EEA", HOLD),
    _fact("organisation.contradictions", "int", "nombre de dépendances dont les indices se contredisent",
          "number of dependencies with contradicting evidence"),
    _owned("organisation.data_layers_held", "bool",
           "une couche qui porte des données (courrier, identité, hébergement, relais web, services en ligne) est "
           "contrôlée ou hébergée hors EEE",
           "a layer that carries data (mail, identity, hosting, web relay, online services) is controlled or hosted "
           "from outside the EEA", HOLD),
    _fact("organisation.unqualified_services", "bool",
          "un service tiers de courrier, d’identité, d’hébergement ou en ligne n’est pas qualifié SecNumCloud",
          "a bought mail, identity, hosting or online service is not SecNumCloud-qualified"),
)

_CONTEXT = (
    _fact("context.declared", "bool", "l’auditeur a déclaré un contexte", "the auditor declared a context"),
    _fact("context.sector", "string", "secteur déclaré", "sector, as declared"),
    _fact("context.obligations", "list", "régimes déclarés : hds, sren, dora, nis2",
          "regimes, as declared: hds, sren, dora, nis2"),
    _fact("context.sensitive_data", "bool", "données d’une sensibilité particulière, selon la déclaration",
          "data of particular sensitivity, as declared"),
)
# fmt: on

FACTS = (*_DEPENDENCY, *_PROVIDER, *_OFFER, *_HOST, *_NEXUS, *_DOMAIN, *_ORGANISATION, *_CONTEXT)
"""Every fact, in the order in which they are listed."""
