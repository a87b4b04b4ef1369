#!/usr/bin/python3
"""Fills a fresh domain. Usage: seed.py FOLDER, before the domain controller is started. Prints the domain's SID."""
import os
import sys

import ldb
from samba import dckeytab  # noqa: F401 (gives Net its export_keytab)
from samba.auth import system_session
from samba.net import Net
from samba.param import LoadParm
from samba.samdb import SamDB

folder, password, domain = sys.argv[1], 'Us3r-Passw0rd!', 'DC=corp,DC=example,DC=test'
settings = LoadParm()
settings.load(folder + '/etc/smb.conf')
db = SamDB(url=folder + '/private/sam.ldb', session_info=system_session(), lp=settings)


def change(dn, attribute, value, controls=None, how=ldb.FLAG_MOD_REPLACE):
    message = ldb.Message(ldb.Dn(db, dn))
    message[attribute] = ldb.MessageElement(value, how, attribute)
    db.modify(message, controls=controls or [])


def user(account, given, surname, **more):
    mail = f'{account}@corp.example.test'
    # None: the common name is then made of given name and surname.
    names = {'givenname': given, 'surname': surname, 'useusernameascn': None}
    db.newuser(account, password, mailaddress=mail, userou='OU=People', **names, **more)


def person(name):
    return f'CN={name},OU=People,{domain}'


def group(name):
    return f'CN={name},OU=Groups,{domain}'


db.transaction_start()
for unit in ('People', 'Groups', 'Elsewhere'):
    db.create_ou(f'OU={unit},{domain}')
change(domain, 'lockoutThreshold', '5')
change(domain, 'minPwdAge', '0')
change(domain, 'pwdHistoryLength', '0')
people = [
    ('alice', 'Alice', 'Anders'),
    ('bob', 'Bob', 'Brown'),
    ('carol', 'Carol', 'Clark'),
    ('mallory', 'Mal', 'Lory'),
    ('many', 'Man', 'Y'),
    ('disabled', 'Dis', 'Abled'),
    ('expired', 'Ex', 'Pired'),
    ('pwexpired', 'Pw', 'Expired'),
    ('locked', 'Lock', 'Ed'),
    ('guarded', 'Guard', 'Ed'),
    ('crowded', 'Crowd', 'Ed'),
    ('throttled', 'Throttle', 'D'),
    ('leaver', 'Lea', 'Ver'),
    ('par(en)s', 'Paren', 'Star'),
    ('zoë', 'Zoë', 'Ünicode'),
]
for account, given, surname in people:
    user(account, given, surname)
user('mustchange', 'Must', 'Change', force_password_change_at_next_login_req=True)
db.newuser('elsewhere', password, userou='OU=Elsewhere')
db.newuser('svc-postern', password)
db.newuser('http-web', password)
db.newcomputer('ws1')
comma = person('O Comma\\, Jr. \\#1')
db.add({
    'dn': comma,
    'objectClass': 'user',
    'sAMAccountName': 'ocomma',
    'userPrincipalName': 'ocomma@corp.example.test',
    'userAccountControl': '514',
})
db.transaction_commit()

db.transaction_start()
crowd = [f'crowd-{number:03}' for number in range(250)]
named = ['aws-admins', 'aws-dev', 'team-a', 'team-b', 'loop1', 'loop2', 'primary-grp', 'Gruppe-Köln']
for name in named + crowd:
    db.newgroup(name, groupou='OU=Groups')
alice, bob = person('Alice Anders'), person('Bob Brown')
db.add({
    'dn': group('AWS\\, Weird\\+Group (x)'),
    'objectClass': 'group',
    'sAMAccountName': 'aws-weird',
    'member': [alice, comma],
})
members = [
    ('team-a', alice),
    ('team-b', group('team-a')),
    ('aws-admins', group('team-b')),
    ('Gruppe-Köln', alice),
    ('aws-dev', bob),
    ('loop1', group('loop2')),
    ('loop1', bob),
    ('loop2', group('loop1')),
    ('primary-grp', bob),
] + [(name, person('Man Y')) for name in crowd]
for name, member in members:
    change(group(name), 'member', member, how=ldb.FLAG_MOD_ADD)
db.transaction_commit()

db.transaction_start()
db.setpassword('(sAMAccountName=ocomma)', password)
db.enable_account('(sAMAccountName=ocomma)')
db.enable_account('(sAMAccountName=ws1$)')
db.disable_account('(sAMAccountName=disabled)')
db.setexpiry('(sAMAccountName=expired)', 0)
for account in ('svc-postern', 'http-web'):
    db.setexpiry(f'(sAMAccountName={account})', 0, no_expiry_req=True)
primary = db.search(domain, attrs=['primaryGroupToken'], expression='(sAMAccountName=primary-grp)')[0]
change(bob, 'primaryGroupID', str(primary['primaryGroupToken'][0]))
change(alice, 'userPrincipalName', 'alice.anders@corp.example.test')
# Two people whom one name means: carol by account name, mallory by user principal name.
change(person('Carol Clark'), 'userPrincipalName', 'carol.clark@corp.example.test')
change(person('Mal Lory'), 'userPrincipalName', 'carol.other@corp.example.test')
change(person('Pw Expired'), 'pwdLastSet', '131000000000000000', ['local_oid:1.3.6.1.4.1.7165.4.3.12:0'])
web = f'CN=http-web,CN=Users,{domain}'
change(web, 'servicePrincipalName', 'HTTP/web.corp.example.test')
change(web, 'msDS-SupportedEncryptionTypes', '24')
# The AES keys exist only from the next password on.
db.setpassword('(sAMAccountName=http-web)', password)
db.transaction_commit()

# Samba refuses such a name since 2021, older forests hold it, so it goes in below Samba's own checks.
below = ldb.Ldb(f'{folder}/private/sam.ldb.d/{domain.upper()}.ldb')
alias = ldb.Message(ldb.Dn(below, person('Mal Lory')))
alias['upn'] = ldb.MessageElement('carol@corp.example.test', ldb.FLAG_MOD_REPLACE, 'userPrincipalName')
below.modify(alias)

keytab = folder + '/http.keytab'
if os.path.exists(keytab):
    os.unlink(keytab)
Net(None, settings).export_keytab(keytab=keytab, principal='HTTP/web.corp.example.test')
print(db.get_domain_sid())
