#!/bin/sh
# An authority and the domain controller's certificate in a folder. Usage: certificates.sh FOLDER
set -eu
cd "$1"
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Directory CA' -keyout ca.key -out ca.pem \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj '/CN=dc1' -keyout dc.key -out dc.csr 2>/dev/null
printf 'subjectAltName=DNS:dc1.corp.example.test,DNS:localhost\nextendedKeyUsage=serverAuth\n' >extensions
openssl x509 -req -in dc.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out dc.pem \
  -extfile extensions 2>/dev/null
# Samba refuses a key that others may read.
chmod 600 ca.key dc.key
