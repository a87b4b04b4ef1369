<?php
// One service provider for each way of signing and encrypting.
$origin = getenv('POSTERN_SP_ORIGIN');
$certificate = preg_replace('/-----[^-]+-----|\s/', '', file_get_contents(getenv('POSTERN_SSP_FOLDER') . '/sp.crt'));
$encryption = preg_replace('/-----[^-]+-----|\s/', '', file_get_contents(getenv('POSTERN_SSP_FOLDER') . '/sp-encryption.crt'));
$keys = [
    ['encryption' => false, 'signing' => true, 'type' => 'X509Certificate', 'X509Certificate' => $certificate],
    ['encryption' => true, 'signing' => false, 'type' => 'X509Certificate', 'X509Certificate' => $encryption],
];
$signed = fn(bool $response, bool $assertion) => [
    'saml20.sign.response' => $response,
    'saml20.sign.assertion' => $assertion,
];
$rsa = 'http://www.w3.org/2001/04/xmldsig-more#rsa-';
$profiles = [
    'both' => $signed(true, true),
    'assertion' => $signed(false, true),
    'response' => $signed(true, false),
    'encrypted' => $signed(true, true) + ['assertion.encryption' => true],
    'encrypted-assertion' => $signed(false, true) + ['assertion.encryption' => true],
    'sha1' => $signed(true, true) + ['signature.algorithm' => 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'],
    'sha512' => $signed(true, true) + ['signature.algorithm' => $rsa . 'sha512'],
    'signed-request' => $signed(true, true) + ['validate.authnrequest' => true, 'validate.logout' => true],
];
foreach ($profiles as $id => $profile) {
    $metadata["$origin/saml/$id/metadata"] = $profile + [
        'AssertionConsumerService' => [[
            'Binding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
            'Location' => "$origin/saml/$id/acs",
            'index' => 0,
        ]],
        'SingleLogoutService' => [[
            'Binding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
            'Location' => "$origin/saml/$id/logout",
        ]],
        'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        'keys' => $keys,
    ];
}
