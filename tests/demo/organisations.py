"""The four invented organisations of the demonstration: records of the shape real ones publish.

The organisations and their names do not exist; the providers, host names and address blocks are those that customers
of these providers really see. Nothing here says anything about a real body.
"""

from dataclasses import dataclass

from tests.recorded_net import Certificate, Page, Recording

LETS_ENCRYPT = Certificate("Let's Encrypt", "R13", "US")
CERTIGNA = Certificate("Certigna", "Certigna Services CA", "FR", not_after="2027-05-01T00:00:00Z")


@dataclass(frozen=True)
class Organisation:
    """One organisation of the demonstration."""

    file: str
    name: str
    domain: str
    recording: Recording


def _mail_at_microsoft(domain: str, tenant: str) -> dict[tuple[str, str], tuple[str, ...]]:
    dashed = domain.replace(".", "-")
    return {
        (f"autodiscover.{domain}", "CNAME"): ("autodiscover.outlook.com",),
        ("autodiscover.outlook.com", "A"): ("52.98.151.66", "40.99.204.34"),
        (f"selector1._domainkey.{domain}", "CNAME"): (f"selector1-{dashed}._domainkey.{tenant}.onmicrosoft.com",),
        (f"selector1-{dashed}._domainkey.{tenant}.onmicrosoft.com", "TXT"): ("v=DKIM1; k=rsa; p=MIIB",),
        (f"enterpriseregistration.{domain}", "CNAME"): ("enterpriseregistration.windows.net",),
        ("enterpriseregistration.windows.net", "A"): ("20.190.160.14",),
        (f"lyncdiscover.{domain}", "CNAME"): ("webdir.online.lync.com",),
        ("webdir.online.lync.com", "A"): ("52.112.193.16",),
        (f"_sipfederationtls._tcp.{domain}", "SRV"): ("100 1 5061 sipfed.online.lync.com",),
        ("spf.protection.outlook.com", "TXT"): (
            "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/15 ip4:52.102.0.0/16 ip4:104.47.0.0/17 -all",
        ),
    }


TOWN_HALL = Organisation(
    file="mairie-valombreuse",
    name="Ville de Valombreuse",
    domain="valombreuse-demo.fr",
    recording=Recording(
        records={
            ("valombreuse-demo.fr", "MX"): (
                "10 mxa-00b7f301.gslb.pphosted.com",
                "10 mxb-00b7f301.gslb.pphosted.com",
            ),
            ("mxa-00b7f301.gslb.pphosted.com", "A"): ("185.132.183.11",),
            ("mxb-00b7f301.gslb.pphosted.com", "A"): ("185.183.29.20",),
            ("valombreuse-demo.fr", "TXT"): (
                "v=spf1 include:spf.protection.outlook.com include:spf.mailjet.com include:spf.pphosted.com -all",
                "MS=ms41857702",
                "google-site-verification=4kQ0w2bq8mYk9vJr6s1T3uXyZ7aBcDeFgHiJkLmNoPq",
                "docusign=1b6f2a1e-8c3d-4d2a-9f5e-0a7b6c5d4e3f",
                "atlassian-domain-verification=9d4kLmNoPqRsTuVwXyZ0123456789abcdefghij",
            ),
            **_mail_at_microsoft("valombreuse-demo.fr", "villevalombreuse"),
            ("spf.mailjet.com", "TXT"): ("v=spf1 ip4:87.253.232.0/21 ip4:185.189.236.0/22 ip4:185.211.120.0/22 ?all",),
            ("spf.pphosted.com", "TXT"): ("v=spf1 ip4:185.132.183.11 ip4:185.183.29.20 -all",),
            ("_dmarc.valombreuse-demo.fr", "TXT"): (
                "v=DMARC1; p=quarantine; rua=mailto:dmarc@valombreuse-demo.fr,mailto:x7k2p@rua.agari.com",
            ),
            ("valombreuse-demo.fr", "NS"): ("dns101.ovh.net", "ns101.ovh.net"),
            ("dns101.ovh.net", "A"): ("213.251.188.145",),
            ("ns101.ovh.net", "A"): ("213.251.128.145",),
            ("valombreuse-demo.fr", "SOA"): ("dns101.ovh.net ovh.net 2026111600 86400 3600 3600000 60",),
            ("valombreuse-demo.fr", "A"): ("51.91.236.193",),
            ("www.valombreuse-demo.fr", "A"): ("51.91.236.193",),
            ("valombreuse-demo.fr", "CAA"): ('0 issue "letsencrypt.org"',),
            ("sondages.valombreuse-demo.fr", "A"): ("51.91.236.193",),
            ("support.valombreuse-demo.fr", "CNAME"): ("valombreuse.zendesk.com",),
            ("valombreuse.zendesk.com", "A"): ("216.198.53.2",),
            ("newsletter.valombreuse-demo.fr", "CNAME"): ("u2841773.wl114.sendgrid.net",),
            ("u2841773.wl114.sendgrid.net", "A"): ("167.89.118.35",),
        },
        pages={
            "https://valombreuse-demo.fr/": Page(status=301, redirect="https://www.valombreuse-demo.fr/"),
            "https://www.valombreuse-demo.fr/": Page(
                headers=(("server", "Apache"), ("x-powered-by", "PHP/8.2")),
                html="""<!doctype html><html lang="fr"><head><title>Ville de Valombreuse</title>
<meta name="generator" content="WordPress 6.8">
<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Lato">
<link rel="stylesheet" href="/wp-content/themes/ville/style.css">
<script async src="https://www.googletagmanager.com/gtag/js?id=G-0000000000"></script>
<script src="https://www.google.com/recaptcha/api.js"></script>
</head><body><iframe src="https://www.youtube-nocookie.com/embed/xyz"></iframe>
<a href="https://www.facebook.com/valombreuse">Facebook</a></body></html>""",
            ),
        },
        certificates={"valombreuse-demo.fr": LETS_ENCRYPT, "www.valombreuse-demo.fr": LETS_ENCRYPT},
        registrations={"valombreuse-demo.fr": {"registrar": "OVH", "status": "active"}},
    ),
)

SME = Organisation(
    file="atelier-kerlann",
    name="Atelier Kerlann",
    domain="kerlann-demo.fr",
    recording=Recording(
        records={
            ("kerlann-demo.fr", "MX"): ("1 mx1.mail.ovh.net", "5 mx2.mail.ovh.net", "100 mx3.mail.ovh.net"),
            ("mx1.mail.ovh.net", "A"): ("188.165.36.237",),
            ("mx2.mail.ovh.net", "A"): ("87.98.132.45",),
            ("mx3.mail.ovh.net", "A"): ("91.121.53.175",),
            ("kerlann-demo.fr", "TXT"): (
                "v=spf1 include:mx.ovh.com include:spf.brevo.com ~all",
                "brevo-code:3f2b9c0d1e4a5b6c7d8e9f0a1b2c3d4e",
            ),
            ("mx.ovh.com", "TXT"): ("v=spf1 ptr:mail-out.ovh.net ptr:mail.ovh.net ip4:46.105.72.16/28 ?all",),
            ("spf.brevo.com", "TXT"): ("v=spf1 ip4:185.41.28.0/22 ip4:94.143.16.0/21 ip4:185.24.144.0/22 ~all",),
            ("autodiscover.kerlann-demo.fr", "CNAME"): ("autodiscover.mail.ovh.net",),
            ("autodiscover.mail.ovh.net", "A"): ("178.32.124.206",),
            ("_autodiscover._tcp.kerlann-demo.fr", "SRV"): ("0 0 443 mailconfig.ovh.net",),
            ("_dmarc.kerlann-demo.fr", "TXT"): ("v=DMARC1; p=none; rua=mailto:postmaster@kerlann-demo.fr",),
            ("kerlann-demo.fr", "NS"): ("ns0.dom.scw.cloud", "ns1.dom.scw.cloud"),
            ("ns0.dom.scw.cloud", "A"): ("51.159.69.157",),
            ("ns1.dom.scw.cloud", "A"): ("163.172.172.144",),
            ("kerlann-demo.fr", "SOA"): ("ns0.dom.scw.cloud scaleway.com 2026111600 28800 7200 2419200 300",),
            ("kerlann-demo.fr", "A"): ("51.159.112.46",),
            ("kerlann-demo.fr", "AAAA"): ("2001:bc8:1640:2f::1",),
            ("www.kerlann-demo.fr", "A"): ("51.159.112.46",),
            ("www.kerlann-demo.fr", "AAAA"): ("2001:bc8:1640:2f::1",),
            ("sso.kerlann-demo.fr", "A"): ("51.159.112.47",),
            ("intranet.kerlann-demo.fr", "CNAME"): ("kerlann.jamespot.pro",),
            ("kerlann.jamespot.pro", "A"): ("51.178.41.10",),
        },
        pages={
            "https://kerlann-demo.fr/": Page(status=301, redirect="https://www.kerlann-demo.fr/"),
            "https://www.kerlann-demo.fr/": Page(
                headers=(("server", "nginx"), ("content-security-policy", "default-src 'self'; script-src 'self'")),
                html="""<!doctype html><html lang="fr"><head><title>Atelier Kerlann</title>
<link rel="stylesheet" href="/static/site.css"><script src="/matomo/matomo.js"></script></head>
<body><img src="/static/atelier.webp" alt=""></body></html>""",
            ),
        },
        certificates={"kerlann-demo.fr": LETS_ENCRYPT, "www.kerlann-demo.fr": LETS_ENCRYPT},
        registrations={"kerlann-demo.fr": {"registrar": "GANDI", "status": "active"}},
    ),
)

STATE = Organisation(
    file="agence-des-communs",
    name="Agence des communs numériques",
    domain="agence-communs-demo.fr",
    recording=Recording(
        records={
            ("agence-communs-demo.fr", "MX"): (
                "10 mx1.agence-communs-demo.fr",
                "10 mx2.agence-communs-demo.fr",
            ),
            ("mx1.agence-communs-demo.fr", "A"): ("193.49.159.11",),
            ("mx2.agence-communs-demo.fr", "A"): ("193.49.159.12",),
            ("agence-communs-demo.fr", "TXT"): ("v=spf1 mx -all",),
            ("_dmarc.agence-communs-demo.fr", "TXT"): ("v=DMARC1; p=reject; rua=mailto:dmarc@agence-communs-demo.fr",),
            ("_mta-sts.agence-communs-demo.fr", "TXT"): ("v=STSv1; id=20261101",),
            ("mta-sts.agence-communs-demo.fr", "A"): ("193.49.159.20",),
            ("_smtp._tls.agence-communs-demo.fr", "TXT"): ("v=TLSRPTv1; rua=mailto:tls@agence-communs-demo.fr",),
            ("agence-communs-demo.fr", "NS"): ("ns1.agence-communs-demo.fr", "ns2.agence-communs-demo.fr"),
            ("ns1.agence-communs-demo.fr", "A"): ("193.49.159.2",),
            ("ns2.agence-communs-demo.fr", "A"): ("193.49.159.3",),
            ("agence-communs-demo.fr", "SOA"): (
                "ns1.agence-communs-demo.fr agence-communs-demo.fr 2026111601 7200 3600 1209600 3600",
            ),
            ("agence-communs-demo.fr", "DS"): ("12345 13 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55",),
            ("agence-communs-demo.fr", "A"): ("109.232.233.40",),
            ("www.agence-communs-demo.fr", "A"): ("109.232.233.40",),
            ("agence-communs-demo.fr", "CAA"): ('0 issue "certigna.fr"', '0 iodef "mailto:ssi@agence-communs-demo.fr"'),
            ("sso.agence-communs-demo.fr", "A"): ("193.49.159.30",),
        },
        pages={
            "https://agence-communs-demo.fr/": Page(status=301, redirect="https://www.agence-communs-demo.fr/"),
            "https://www.agence-communs-demo.fr/": Page(
                headers=(("server", "nginx"), ("content-security-policy", "default-src 'self'")),
                html="""<!doctype html><html lang="fr"><head><title>Agence des communs numériques</title>
<link rel="stylesheet" href="/style.css"><script src="/stats/matomo.js"></script></head><body></body></html>""",
            ),
            "https://mta-sts.agence-communs-demo.fr/.well-known/mta-sts.txt": Page(
                html="version: STSv1\nmode: enforce\nmx: mx1.agence-communs-demo.fr\nmx: mx2.agence-communs-demo.fr\n"
                "max_age: 604800\n",
            ),
        },
        certificates={"agence-communs-demo.fr": CERTIGNA, "www.agence-communs-demo.fr": CERTIGNA},
        registrations={"agence-communs-demo.fr": {"registrar": "GANDI", "status": "active"}},
    ),
)

HALF_SILENT = Organisation(
    file="syndicat-brumeval",
    name="Syndicat des eaux de Brumeval",
    domain="brumeval-demo.fr",
    recording=Recording(
        records={
            ("brumeval-demo.fr", "MX"): ("10 mail.brumeval-demo.fr",),
            ("brumeval-demo.fr", "NS"): ("ns21.infomaniak.com", "ns22.infomaniak.com"),
            ("ns21.infomaniak.com", "A"): ("84.16.66.66",),
            ("ns22.infomaniak.com", "A"): ("84.16.67.66",),
            ("brumeval-demo.fr", "SOA"): ("ns21.infomaniak.com infomaniak.ch 2026111600 10800 3600 605800 3600",),
        },
        failures={
            ("mail.brumeval-demo.fr", "*"): "timeout",
            ("brumeval-demo.fr", "TXT"): "servfail",
            ("brumeval-demo.fr", "A"): "timeout",
            ("brumeval-demo.fr", "AAAA"): "timeout",
            ("*.brumeval-demo.fr", "*"): "timeout",
        },
    ),
)

ORGANISATIONS = (TOWN_HALL, SME, STATE, HALF_SILENT)
