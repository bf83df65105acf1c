"""What Windows' own tools print, in several languages and versions, for the tests of what is read of it.

The forms are those of real outputs that were published: netsh of Windows Server 2008 R2 to 2025 and httpcfg of 2003;
certutil of English, German, French and Simplified Chinese Windows. Thumbprints and names are made up, and so are the
Japanese and Russian words, which nothing here looks at.
"""

from __future__ import annotations

from typing import NamedTuple

ONE = "585947F104B5BCE53239F02D1C6FED06832F47DC"
TWO = "A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4"
IIS = "{4dc3e181-e14b-4a21-b022-59fc669b0914}"


class Words(NamedTuple):
    """The words around what netsh tells, and the code page in which their Windows writes them."""

    title: str
    address: str
    name: str
    hash: str
    application: str
    store: str
    central: str
    rest: str
    enabled: str
    code_page: str


NETSH = {
    "en": Words(
        "SSL Certificate bindings:", "IP:port", "Hostname:port", "Certificate Hash", "Application ID",
        "Certificate Store Name", "Central Certificate Store", "Verify Client Certificate Revocation", "Enabled",
        "cp437",
    ),
    "de": Words(
        "SSL-Zertifikatbindungen:", "IP:Port", "Hostname:Port", "Zertifikathash", "Anwendungs-ID",
        "Zertifikatspeichername", "Zentraler Zertifikatspeicher", "Clientzertifikatsperrung überprüfen", "Aktiviert",
        "cp850",
    ),
    "fr": Words(
        "Liaisons de certificat SSL\xa0:", "IP\xa0: port", "Nom d'hôte : port", "Hachage du certificat",
        "ID de l'application", "Nom du magasin de certificats", "Magasin central", "Vérifier la révocation", "Activé",
        "cp850",
    ),
    "ja": Words(
        "SSL 証明書のバインド:", "IP:ポート", "ホスト名:ポート", "証明書ハッシュ", "アプリケーション ID",
        "証明書ストア名", "集中証明書ストア", "クライアント証明書の失効の検証", "有効", "cp932",
    ),
    "zh": Words(
        "SSL 证书绑定:", "IP:端口", "主机名:端口", "证书哈希", "应用程序 ID", "证书存储名称", "中央证书存储",
        "验证客户端证书吊销", "已启用", "cp936",
    ),
    "ru": Words(
        "Привязки SSL-сертификата:", "IP-адрес:порт", "Имя узла:порт", "Хэш сертификата", "Идентификатор приложения",
        "Имя хранилища сертификатов", "Центральное хранилище", "Проверять отзыв", "Включено", "cp866",
    ),
}  # fmt: skip

_LATER = (  # what 2012 R2, 2016, 2019 and 2022 have added, in English in each language here
    "Revocation Freshness Time    : 0",
    "Ctl Identifier               : (null)",
    "Reject Connections           : Disabled",
    "Disable HTTP2                : Not Set",
    "Disable QUIC                 : Not Set",
    "Disable TLS1.3               : Not Set",
    "Disable Legacy TLS Versions  : Not Set",
    "Extended Properties:",
    "PropertyId                   : 0",
    "Receive Window               : 1048576",
)


def netsh(language: str, later: int = len(_LATER)) -> str:
    """`netsh http show sslcert`: an address, IPv6, a host name, the central store, a certificate of no named store."""
    words = NETSH[language]
    places = (
        (words.address, "0.0.0.0:443", ONE.lower(), "MY"),
        (words.address, "[::]:8531", TWO.lower(), "WebHosting"),
        (words.name, "mp01.contoso.com:443", TWO.lower(), "My"),
        (words.central, "443", "(null)", "(null)"),
        (words.address, "10.0.0.5:10123", ONE.lower(), "(null)"),
    )
    text = f"\n{words.title} \n------------------------- \n\n"
    for label, place, hash, store in places:
        lines = (
            f"{label:29}: {place}",
            f"{words.hash:29}: {hash}",
            f"{words.application:29}: {IIS}",
            f"{words.store:29}: {store}",
            f"{words.rest} : {words.enabled}",
            *_LATER[:later],
        )
        text += "".join(f"    {line} \n" for line in lines) + "\n"
    return text.replace("\n", "\r\n")


HTTPCFG = f"""    IP                      : 0.0.0.0:443
    Hash                    : {ONE[:34].lower()} 3c07c
    Guid                    : {IIS}
    CertStoreName           : MY
    CertCheckMode           : 0
    RevocationFreshnessTime : 0
    UrlRetrievalTimeout     : 0
    SslCtlIdentifier        : (null)
    SslCtlStoreName         : (null)
    Flags                   : 0
------------------------------------------------------------------------------
"""

CERTUTIL_EN = """My "Personal"
================ Certificate 0 ================
Serial Number: 6f8c4e2158ab119142c358e1aef32071867ea4ff
Issuer: CN=Contoso Issuing CA 1, DC=contoso, DC=com
 NotBefore: 11/3/2024 8:14 PM
 NotAfter: 11/3/2025 8:14 PM
Subject: CN=mp01.contoso.com
Certificate Template Name (Certificate Type): WebServer
Non-root Certificate
Template: WebServer, Web Server
Cert Hash(sha1): 58 59 47 f1 04 b5 bc e5 32 39 f0 2d 1c 6f ed 06 83 2f 47 dc
  Key Container = le-WebServer-0a1b
  Unique container name: 46f11b4056ad38609b08d1dea6880023_7989b711-2e3f-4107-9aae-fb8df2e3b958
  Provider = Microsoft RSA SChannel Cryptographic Provider
Private key is NOT exportable
Encryption test passed

================ Certificate 1 ================
Archived!
Serial Number: 472cb6148184a9894f6d4d2587b1b165
Issuer: CN=Contoso Issuing CA 1, DC=contoso, DC=com
 NotBefore: 11/3/2024 3:30 PM
 NotAfter: 11/3/2029 3:40 PM
Subject: CN=mp01.contoso.com
Cert Hash(sha1): a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4
  Key Container = old
  Provider = Microsoft Software Key Storage Provider
Missing stored keyset

================ Certificate 2 ================
Serial Number: 00
Issuer: CN=Contoso Root CA
 NotBefore: 11/3/2024 3:30 PM
 NotAfter: 11/3/2029 3:40 PM
Subject: CN=Contoso Root CA
Cert Hash(sha1): 00000000e5f60718293a4b5c6d7e8f90a1b2c3d4
No key provider information
Cannot find the certificate and private key for decryption.

================ CRL 0 ================
Issuer: CN=Contoso Root CA
 ThisUpdate: 11/3/2024 3:30 PM
CRL Hash(sha1): 11111111e5f60718293a4b5c6d7e8f90a1b2c3d4
CertUtil: -store command completed successfully.
"""

CERTUTIL_DE = """My "Eigene Zertifikate"
================ Zertifikat 0 ================
Seriennummer: 1a2b3c4d5e
Aussteller: CN=Contoso Issuing CA 1, DC=contoso, DC=com
 Nicht vor: 01.01.2026 01:00
 Nicht nach: 01.01.2027 01:00
Antragsteller: CN=mp01.contoso.com
Kein Stammzertifikat
Vorlage: WebServer
Zertifikathash(sha1): 585947f104b5bce53239f02d1c6fed06832f47dc
  Schlüsselcontainer = le-WebServer-0a1b
  Eindeutiger Containername: a11a37ef57bb64c3f31f8f99421d1550_e64079bf-f1d8-450e-ba59-2f4d921306df
  Anbieter = Microsoft Software Key Storage Provider
Der private Schlüssel ist NICHT exportierbar
Verschlüsselungstest wurde durchgeführt
CertUtil: -store-Befehl wurde erfolgreich ausgeführt.
"""

CERTUTIL_FR = """My "Personnel"
================ Certificat 0 ================
Numéro de série : 1a2b3c4d5e
Émetteur: CN=Contoso Issuing CA 1
 NotBefore : 01/01/2026 01:00
 NotAfter : 01/01/2027 01:00
Objet: CN=mp01.contoso.com
Il ne s'agit pas d'un certificat racine
Hach. cert. (sha1)\xa0: 585947f104b5bce53239f02d1c6fed06832f47dc
  Conteneur de clé\xa0= le-WebServer-0a1b
  Fournisseur = Microsoft Software Key Storage Provider
Test de chiffrement réussi
CertUtil: -store La commande s'est terminée correctement.
"""

CERTUTIL_ZH = """My "个人"
================ 证书 0 ================
序列号: 6c8f1dc727c7117f7baf853ac980f9cd
颁发者: CN=Contoso Issuing CA 1
 NotBefore: 2026/1/1 8:00
 NotAfter: 2036/1/1 8:00
使用者: CN=mp01.contoso.com
非根证书
证书哈希(sha1): 585947f104b5bce53239f02d1c6fed06832f47dc
  密钥容器 = 26027fd0-926d-424b-92fc-6c4f595fc105
  提供程序 = Microsoft Software Key Storage Provider
无法以纯文本方式导出私钥
加密测试通过
CertUtil: -store 命令成功完成。
"""
