<?php
$config = [
    'people' => [
        'exampleauth:UserPass',
        'alice:alicepassword' => [
            'uid' => ['alice'],
            'mail' => ['alice@corp.example'],
            'displayName' => ['Alice Ünders <&>'],
            'groups' => ['CN=AWS\, Readers,DC=corp,DC=example', 'aws-dev'],
            'https://aws.amazon.com/SAML/Attributes/Role' => [
                'arn:aws:iam::111111111111:role/Admin,arn:aws:iam::111111111111:saml-provider/Corp',
            ],
        ],
    ],
];
