#!/bin/sh
# Makes the archives beside this script out of the samples one folder up, with Info-ZIP's zip, GNU tar and gzip.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
export TZ=UTC LC_ALL=C
mkdir -p "$work/collected/mp01/crl"
cp "$here/../leaf.cer" "$work/collected/mp01/web.cer"
cp "$here/../root.crl" "$work/collected/mp01/crl/"
cp "$here/../aes.pfx" "$here/../root.cer" "$work/collected/"
echo "How these files were collected." > "$work/collected/README.txt"
ln -s mp01/web.cer "$work/collected/link.cer"
find "$work" -exec touch -h -d 2009-09-01T12:00:00Z {} +
cd "$work/collected"
rm -f "$here"/*.zip "$here"/*.tar "$here"/*.tgz "$here"/*.gz
zip -q -X -r "$here/info-zip.zip" mp01 aes.pfx root.cer README.txt
zip -q -X -y "$here/link.zip" link.cer root.cer
# The encryption draws a new salt each time: of this one the bytes differ from run to run.
zip -q -X -P certaudit "$here/encrypted.zip" root.cer
zip -q -X "$here/encrypted.zip" README.txt
owner="--owner=0 --group=0 --numeric-owner --sort=name --mode=u=rw,u+X"
for form in gnu pax v7; do
    [ $form = pax ] && plain="--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime" || plain=
    tar -b 1 --format=$form $plain $owner -cf "$here/$form.tar" mp01 aes.pfx root.cer README.txt link.cer
done
tar -b 1 --format=gnu $owner -cf - . | gzip -n -9 > "$here/gnu.tgz"
gzip -n -9 -c root.cer > "$here/root.cer.gz"
