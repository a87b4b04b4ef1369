const mask = '[redacted]'
const longestText = 16_384

/** Names whose values are secret, as parameters, properties, variables and XML elements spell them; a prefix may stand before. */
const secretNames = [
  'secret[-_]?access[-_]?key',
  'token',
  'pass(?:word|wd|phrase)',
  'secret',
  'saml[-_]?(?:response|request|assertion)',
  'relay[-_]?state',
  'private[-_]?key',
  'code[-_]?verifier',
  'device[-_]?code',
  'amz[-_]signature',
].join('|')
const prefix = '(?<![\\w.-])[\\w.-]{0,40}?'
const headerNames = '(?:proxy-)?authorization|(?:set-)?cookie'

/** Between a name and its value: a colon or an equals sign, with quotes that may be escaped or percent-encoded. */
const between = `(?:\\\\{0,4}["']|%22|&quot;)?\\s{0,4}(?:[:=]|%3A|%3D)\\s{0,4}`
/** A text that was cut off has no closing quote. */
const inQuotes = `"(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)|'(?:[^'\\\\]|\\\\.)*(?:'|\\\\?$)`
const inOtherQuotes = `\\\\{1,4}"[^"\\\\]*|%22(?:(?!%22)[^\\s&])*|&quot;[^\\s&]*`
const value = `(?:${inQuotes}|${inOtherQuotes}|[^\\s&"'<>]+)`

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g, mask],
  [new RegExp(`(["'](?:${headerNames})${between})(?:${inQuotes})`, 'gi'), `$1${mask}`],
  [new RegExp(`\\b((?:${headerNames})\\s{0,4}[:=]\\s{0,4})[^\\r\\n]+`, 'gi'), `$1${mask}`],
  // The federation endpoint's Session parameter is JSON (AWS IAM User Guide, custom identity broker).
  [/(?<![\w-])((?:session|sid)=)(?:\{[^}]*\}?|[^\s&"'<>]+)/gi, `$1${mask}`],
  [new RegExp(`(["'](?:session|sid)${between})(?:${inQuotes})`, 'gi'), `$1${mask}`],
  [new RegExp(`(${prefix}(?:${secretNames})${between})${value}`, 'gi'), `$1${mask}`],
  [new RegExp(`(<[\\w:.-]{0,40}?(?:${secretNames})(?:\\s[^<>]{0,200})?>)[^<]+`, 'gi'), `$1${mask}`],
  [/(__(?:Host|Secure)-[\w-]{1,60}=)[^\s;,"']+/g, `$1${mask}`],
  [/\b((?:Bearer|Basic|Negotiate|NTLM)\s{1,4})[\w.~+/=-]{8,}/gi, `$1${mask}`],
  [/(:\/\/[^/\s:@]{0,200}:)[^/\s@]+(?=@)/g, `$1${mask}`],
  // Without a name before them: a token of the command line, an STS session token, and a SAML message in Base64.
  [/\bpn[ar]_[\w-]{43}/g, mask],
  [/\b(?:IQoJ|FwoG|FQoG|AQoD|AQoE)[\w+/=%-]{40,}/g, mask],
  [/\b(?:PHNhbW|PD94bWw|PFJlc3Bvbn)[\w+/=%-]{40,}/g, mask],
]

/**
 * Free text without the secrets that could stand in it: credentials, tokens, cookies, passwords, SAML messages, private
 * keys and sign-in URLs, whether as a header, a parameter, JSON, XML or a URL. At most 16,384 characters.
 */
export function redactText(text: string): string {
  let redacted = text.length > longestText ? `${text.slice(0, longestText)}…` : text
  for (const [pattern, replacement] of rules) redacted = redacted.replace(pattern, replacement)
  return redacted
}
