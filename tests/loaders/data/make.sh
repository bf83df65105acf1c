#!/bin/bash
# Makes the files beside it with OpenSSL 3.0, NSS, GnuTLS and keytool. All names are invented, all keys worthless.
# The password of every PFX is "certaudit", where its name does not say otherwise. Run it in an empty folder and copy what is
# wanted: every run makes new keys, and the tests compare files of one run.
set -euo pipefail
export LC_ALL=C.UTF-8
PASS=pass:certaudit

# Certificates: root -> leaf (RSA), ec (P-256); other (RSA)
openssl req -x509 -newkey rsa:1024 -nodes -keyout root.key -out root.pem -days 36500 -subj "/O=Contoso/CN=Contoso Root" 2>/dev/null
issue() { # name, key options, subject
    openssl req -new -newkey $2 -nodes -keyout "$1.key" -out "$1.csr" -subj "$3" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA root.pem -CAkey root.key -set_serial "$4" -days 36500 -out "$1.pem" \
        -extfile <(echo "extendedKeyUsage=clientAuth") 2>/dev/null
}
issue leaf rsa:1024 "/O=Contoso/CN=leaf.contoso.com" 2
issue ec "ec -pkeyopt ec_paramgen_curve:P-256" "/O=Contoso/CN=ec.contoso.com" 3
issue other rsa:1024 "/O=Contoso/CN=other.contoso.com" 4
for name in root leaf ec other; do openssl x509 -in $name.pem -outform DER -out $name.cer; done

# A CRL with one entry
mkdir -p ca && : > ca/index && echo 01 > ca/number
cat > ca/conf <<'CONF'
[ca]
default_ca = root
[root]
database = ca/index
crlnumber = ca/number
default_md = sha256
default_crl_days = 36500
CONF
openssl ca -config ca/conf -revoke other.pem -keyfile root.key -cert root.pem 2>/dev/null
openssl ca -config ca/conf -gencrl -keyfile root.key -cert root.pem -out root.crl.pem 2>/dev/null
openssl crl -in root.crl.pem -outform DER -out root.crl
openssl ocsp -index ca/index -CA root.pem -rsigner root.pem -rkey root.key -issuer root.pem -cert leaf.pem \
    -respout response.ors -ndays 36500 >/dev/null 2>&1

# Text forms
openssl x509 -in leaf.pem -text > leaf-with-text.pem
openssl x509 -in leaf.pem -trustout -addtrust clientAuth > leaf-trusted.pem
sed 's/ CERTIFICATE/ X509 CERTIFICATE/' leaf.pem > leaf-x509-label.pem
base64 -w0 leaf.cer > leaf.b64
{ echo "Subject: leaf"; cat leaf.pem; echo; echo "and its issuer"; sed 's/$/\r/' root.pem; cat root.crl.pem; } > bundle.pem
cat leaf.pem leaf.key > leaf-and-key.pem
openssl rsa -in leaf.key -traditional -out leaf-traditional.key 2>/dev/null
openssl rsa -in leaf.key -traditional -aes128 -passout $PASS -out leaf-traditional-encrypted.key 2>/dev/null
openssl ec -in ec.key -out ec-sec1.key 2>/dev/null
cat ec.pem ec-sec1.key > ec-and-sec1-key.pem
cat leaf.pem leaf-traditional-encrypted.key > leaf-and-encrypted-key.pem
openssl pkcs8 -in leaf.key -topk8 -passout $PASS -out leaf-encrypted.key
openssl pkcs8 -in leaf.key -topk8 -passout $PASS -scrypt -outform DER -out leaf-scrypt.p8
openssl pkcs8 -in leaf.key -topk8 -nocrypt -outform DER -out leaf.p8
openssl pkey -in leaf.key -pubout -out leaf-public.pem
openssl req -in leaf.csr -outform DER -out leaf-request.der
cat leaf.cer root.cer root.crl > concatenated.der

# PKCS #7
openssl crl2pkcs7 -certfile leaf.pem -certfile root.pem -in root.crl.pem -out chain.p7b.pem
openssl crl2pkcs7 -certfile leaf.pem -certfile root.pem -in root.crl.pem -outform DER -out chain.p7b
echo hello | openssl cms -sign -signer leaf.pem -inkey leaf.key -certfile root.pem -outform DER -stream -nodetach -out signed-ber.p7s
echo hello | openssl cms -encrypt -outform DER -out enveloped.p7m leaf.pem

# PKCS #12 by OpenSSL, one for each algorithm
pfx() { # file, further options
    local file=$1; shift
    openssl pkcs12 -export -in leaf.pem -inkey leaf.key -certfile root.pem -name "Leaf of Contoso" -passout $PASS -out "$file" "$@"
}
pfx windows.pfx -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1 -iter 2000 \
    -CSP "Microsoft Enhanced Cryptographic Provider v1.0" -LMK
pfx aes.pfx -iter 2048
pfx 3des.pfx -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
pfx 2des.pfx -legacy -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-2DES -macalg md5
pfx rc2-128.pfx -legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128
pfx rc4-40.pfx -legacy -keypbe PBE-SHA1-RC4-40 -certpbe PBE-SHA1-RC4-40
pfx rc4-128.pfx -legacy -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128
pfx md5-des.pfx -legacy -keypbe PBE-MD5-DES -certpbe PBE-MD5-DES
pfx sha1-rc2-64.pfx -legacy -keypbe PBE-SHA1-RC2-64 -certpbe PBE-SHA1-RC2-64
pfx rc2-cbc.pfx -legacy -keypbe rc2-cbc -certpbe rc2-40-cbc
pfx des-cbc.pfx -legacy -keypbe des-cbc -certpbe des-ede3-cbc
pfx camellia.pfx -keypbe camellia-256-cbc -certpbe camellia-128-cbc -macalg sha512
pfx aes-128-192.pfx -keypbe aes-128-cbc -certpbe aes-192-cbc -macalg sha384
pfx aria.pfx -keypbe aes-256-cbc -certpbe aria-256-cbc
pfx no-mac.pfx -nomac
pfx no-encryption.pfx -keypbe NONE -certpbe NONE
pfx no-protection.pfx -keypbe NONE -certpbe NONE -nomac
pfx key-only-encrypted.pfx -certpbe NONE
for digest in sha224 sha256 sha512-224 sha3-256; do pfx mac-$digest.pfx -macalg $digest || rm -f mac-$digest.pfx; done
openssl pkcs12 -export -in leaf.pem -inkey leaf.key -passout pass: -out empty-password.pfx
openssl pkcs12 -export -in leaf.pem -inkey leaf.key -passout pass: -legacy -out empty-password-legacy.pfx
openssl pkcs12 -export -in leaf.pem -inkey leaf.key -passout "pass:Straße 🔑" -out "unicode-password.pfx"
openssl pkcs12 -export -in leaf.pem -inkey leaf.key -passout "pass:Straße 🔑" -legacy -out "unicode-password-legacy.pfx"
openssl pkcs12 -export -in leaf.pem -certfile root.pem -nokeys -passout $PASS -out certificates-only.pfx
openssl pkcs12 -export -nocerts -inkey leaf.key -passout $PASS -out key-only.pfx
openssl pkcs12 -export -in ec.pem -inkey ec.key -passout $PASS -out ec.pfx

# keytool: a keystore with two keys and a trusted certificate, a truststore without a password, JKS
store() { keytool "$@" -noprompt -storepass certaudit >/dev/null 2>&1; }
openssl pkcs12 -export -in ec.pem -inkey ec.key -passout $PASS -name second -out second.p12
store -importkeystore -srckeystore aes.pfx -srcstoretype PKCS12 -srcstorepass certaudit -destkeystore keytool.p12 -deststoretype PKCS12
store -importkeystore -srckeystore second.p12 -srcstoretype PKCS12 -srcstorepass certaudit -destkeystore keytool.p12 -deststoretype PKCS12
store -importcert -alias trusted -file other.cer -keystore keytool.p12
keytool -importcert -noprompt -alias root -file root.cer -keystore keytool-no-password.p12 -storetype PKCS12 -storepass certaudit \
    -J-Dkeystore.pkcs12.macAlgorithm=NONE -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE >/dev/null 2>&1
keytool -genseckey -alias secret -keyalg AES -keysize 128 -keystore keytool-secret.p12 -storetype PKCS12 -storepass certaudit >/dev/null 2>&1
keytool -importcert -noprompt -alias root -file root.cer -keystore root.jks -storetype JKS -storepass certaudit >/dev/null 2>&1
keytool -importcert -noprompt -alias root -file root.cer -keystore root.jceks -storetype JCEKS -storepass certaudit >/dev/null 2>&1

# GnuTLS
certtool --load-certificate leaf.pem --load-privkey leaf.key --load-ca-certificate root.pem --to-p12 --p12-name gnutls \
    --password certaudit --outder --outfile gnutls.p12 --pkcs-cipher=3des-pkcs12 2>/dev/null
certtool --load-certificate leaf.pem --load-privkey leaf.key --to-p12 --p12-name gnutls --password certaudit \
    --outfile gnutls.p12.pem 2>/dev/null
certtool --load-certificate leaf.pem --p7-generate 2>/dev/null > /dev/null || true

# NSS: BER of indefinite length; two keys in one file
mkdir -p nss && echo certaudit > nss/password && certutil -N -d nss -f nss/password
for file in aes.pfx second.p12; do pk12util -i $file -d nss -k nss/password -w nss/password >/dev/null; done
pk12util -o nss.p12 -n second -d nss -k nss/password -w nss/password >/dev/null
pk12util -o nss-3des.p12 -n second -d nss -k nss/password -w nss/password -c "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC" >/dev/null

rm -rf nss ca second.p12 root.key
